import { statSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { SessionDb } from './open.ts';

/**
 * Something that is another after every change of the session's database, by this process (`total_changes`) or another
 * (`data_version`), or when the file is another: for one short statement, whoever looks often sees that it need not read.
 */
export async function changeMark(db: SessionDb, stateDir: string): Promise<string> {
  const read = sql<{ mark: string }>`select data_version || ' ' || total_changes() as mark from pragma_data_version`;
  const { rows } = await read.execute(db);
  // A connection to another file begins to count anew.
  return `${statSync(join(stateDir, 'swarm.db'), { throwIfNoEntry: false })?.ino} ${rows[0]?.mark}`;
}
