import { sql } from 'kysely';
import type { SessionDb } from './open.ts';

/**
 * Runs `work` in a transaction that doesn't wait for the disk: a power cut may take it back, as a whole; a kill -9 can't.
 * For what would then only be found out, or done, once more.
 */
export function relaxed<T>(db: SessionDb, work: (db: SessionDb) => Promise<T>): Promise<T> {
  // Nobody else's transaction gets in between: the connection is held.
  return db.connection().execute(async (held) => {
    await sql`pragma synchronous = normal`.execute(held);
    try {
      return await held.transaction().execute(work);
    } finally {
      await sql`pragma synchronous = full`.execute(held);
    }
  });
}
