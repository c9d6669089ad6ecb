import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds that SQLite itself waits for another process: it blocks this one meanwhile, transactions under way included. */
export const BLOCKING = 20;
/** Milliseconds after which somebody who still holds the file is an error. */
const PATIENCE = 30_000;

/**
 * Tries again for as long as another process has the file (SQLITE_BUSY, any variant): nothing was done then, and SQLite's
 * manual asks for just that (https://sqlite.org/rescode.html#busy). Between two tries this process goes on: if it only
 * blocked, two that each hold one database and want the other's would wait for each other until both fail.
 * @throws SQLite's error, with the file's path, which the front doors word: who takes a UserError for a refusal must not
 * take this for one, since it may go well in a moment.
 */
export async function untilFree<T>(
  file: string,
  attempt: () => T | Promise<T>,
  patience: number = PATIENCE,
): Promise<T> {
  const end = performance.now() + patience;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() >= end) throw Object.assign(error, { path: file });
      await delay(2 + Math.random() * 20);
    }
  }
}

/** The low byte is the primary code, the rest says which variant. */
function isBusy(error: unknown): error is Error {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}
