import type { SessionDb } from '../../store/open.ts';

/** Key in `meta`: many agents have died at once, and none is started again until `swarm up`. */
const KEY = 'restarts.paused';

/** Many agents that died at once. */
export interface MassDeath {
  /** ISO 8601. */
  readonly at: string;
  /** Ids, and names as they were then. */
  readonly ids: readonly string[];
  readonly names: readonly string[];
}

/** Since when, and after whose deaths, nobody is started again; null while agents are. */
export async function restartsPaused(db: SessionDb): Promise<MassDeath | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.value) as MassDeath);
}

export async function pauseRestarts(db: SessionDb, death: MassDeath): Promise<void> {
  const value = JSON.stringify(death);
  await db
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

export async function resumeRestarts(db: SessionDb): Promise<void> {
  await db.deleteFrom('meta').where('key', '=', KEY).execute();
}
