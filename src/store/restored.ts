import type { DatabaseSync } from 'node:sqlite';
import type { SessionDb } from './open.ts';

/** Key in `meta` of when the database came back from a backup last. */
const KEY = 'database.restored';
/** Milliseconds for which a person is told of it again and again. */
const LATELY = 24 * 60 * 60_000;

/** A database that was damaged, and is back as of a backup: what happened between the two is not in it. */
export interface Restored {
  /** When it came back, ISO 8601. */
  readonly at: string;
  /** ISO 8601. */
  readonly backedUpAt: string;
  /** Where the damaged file lies; null when it was gone. */
  readonly kept: string | null;
}

/** Writes it into the backup that is about to be the database. */
export function markRestoredIn(database: DatabaseSync, restored: Restored): void {
  database.prepare('insert or replace into meta (key, value) values (?, ?)').run(KEY, JSON.stringify(restored));
}

/** The last time that it came back, while a person may not know of it yet; else null. */
export async function restoredLately(db: SessionDb, now = Date.now()): Promise<Restored | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
  const restored = row === undefined ? null : (JSON.parse(row.value) as Restored);
  return restored !== null && now - Date.parse(restored.at) < LATELY ? restored : null;
}
