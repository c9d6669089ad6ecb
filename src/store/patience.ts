import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds that SQLite itself waits for another process: it blocks this one meanwhile, transactions under way included. */
export const BLOCKING = 20;
/** Milliseconds after which somebody who still holds the file is an error. */
const PATIENCE = 30_000;

/**
 * Tries again for as long as another process has the file (SQLITE_BUSY, any variant): nothing was done then, and SQLite's
 * manual asks for just that (https://sqlite.org/rescode.html#busy). Between two tries this process goes on: if it only
 * blocked, two that each hold one database and want the other's would wait for each other until both fail.
 */
export async function untilFree<T>(attempt: () => T | Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      await delay(2 + Math.random() * 20);
    }
  }
}

/** The low byte is the primary code, the rest says which variant. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}
