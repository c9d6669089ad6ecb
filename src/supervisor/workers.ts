import type { SessionDb } from '../store/open.ts';

/** Key in `meta`: a person wants agents added when there is more work than they can do. Each costs money. */
const KEY = 'workers.wanted';

export async function workersWanted(db: SessionDb): Promise<boolean> {
  return (await db.selectFrom('meta').select('key').where('key', '=', KEY).executeTakeFirst()) !== undefined;
}

/** Remembers that, until `swarm down` or `swarm up --no-workers`. */
export async function wantWorkers(db: SessionDb, wanted: boolean): Promise<void> {
  await db.deleteFrom('meta').where('key', '=', KEY).execute();
  if (wanted) await db.insertInto('meta').values({ key: KEY, value: new Date().toISOString() }).execute();
}
