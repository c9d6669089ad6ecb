import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Milliseconds to wait for a writer. */
const PATIENCE = 10_000;

/** SQLITE_IOERR_SHORT_READ: the file, or its log, ends before something that is known to be in it. */
const SHORT = 522;

/**
 * SQLITE_CORRUPT and SQLITE_NOTADB, any variant (https://sqlite.org/rescode.html), or a part that was cut off: what is on
 * the disk is no whole database.
 */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false;
  const code = Number(error.errcode);
  return code === SHORT || [11, 26].includes(code & 0xff);
}

/** How a database file is. `empty`: no bytes, as a new one or one that was cut off. */
export type Health = 'good' | 'damaged' | 'empty' | 'missing';

/**
 * Reads the whole database to say how it is. Only reads: closing a connection that may write moves pages from the log
 * into the file, and a bad file is evidence.
 */
export function healthOf(file: string, check: 'quick_check' | 'integrity_check' = 'integrity_check'): Health {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return 'missing';
  if (size === 0 && !existsSync(`${file}-wal`)) return 'empty';
  const database = new DatabaseSync(file, { readOnly: true, timeout: PATIENCE });
  try {
    const row = database.prepare(`pragma ${check}(1)`).get();
    if (Object.values(row ?? {})[0] !== 'ok') return 'damaged';
    // A file cut down to nothing is a sound database without anything in it.
    const tables = database.prepare("select count(*) as n from sqlite_schema where type = 'table'").get();
    return tables?.['n'] === 0 ? 'empty' : 'good';
  } catch (error) {
    if (isDamage(error)) return 'damaged';
    throw error;
  } finally {
    database.close();
  }
}
