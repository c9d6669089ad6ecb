import type { SessionDb } from '../store/open.ts';

/** Key in `meta`: somebody ended the supervisor, and wants none until `swarm up`. */
const DOWN = 'supervisor.down';

/** Whether a supervisor may be started without being asked for: not after `swarm down`. */
export async function isWanted(db: SessionDb): Promise<boolean> {
  return (await db.selectFrom('meta').select('key').where('key', '=', DOWN).executeTakeFirst()) === undefined;
}

/** Remembers that a person started or ended it. */
export async function want(db: SessionDb, wanted: boolean): Promise<void> {
  if (wanted) await db.deleteFrom('meta').where('key', '=', DOWN).execute();
  else {
    const row = { key: DOWN, value: new Date().toISOString() };
    await db
      .insertInto('meta')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute();
  }
}
