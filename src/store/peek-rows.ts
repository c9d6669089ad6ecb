import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Milliseconds to wait for a writer: whoever peeks would rather know nothing than wait. */
const PATIENCE = 200;

/**
 * Asks a database without making, migrating or changing it: for completion and diagnosis. Rows of a file that isn't
 * there, is of another version or is busy: none.
 */
export function peekRows<Row>(folder: string, file: 'swarm.db' | 'user.db', query: string): Row[] {
  const path = join(folder, file);
  if (!existsSync(path)) return [];
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: PATIENCE });
    try {
      return database.prepare(query).all() as Row[];
    } finally {
      database.close();
    }
  } catch {
    return [];
  }
}
