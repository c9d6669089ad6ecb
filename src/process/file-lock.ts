import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf, exit, UserError } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import { holderIn, type LockHolder, lockCalls, ownName } from './lock-folder.ts';

/*
 * A lock on a path, held by a process: the folder `<path>.lock` with one file in it whose name says who. It never stands
 * without its holder, a dead holder's is free at once, and no two can take over the same dead one's. No clock is asked:
 * a holder that is stopped, or whose event loop blocks, keeps it.
 */

export type { LockHolder } from './lock-folder.ts';

/** A lock that was taken, or the living process that has it. */
export type FileLock =
  | { readonly held: true; readonly release: () => Promise<void> }
  | { readonly held: false; readonly holder: LockHolder };

/** Milliseconds between two tries. */
const RETRY = 25;
/** Tries to enter a lock that nobody holds: more are needed only where its folder can't be entered at all. */
const TRIES = 40;
// The library's staleness by time is switched off. Its timer still runs: more than this would run over, and fire at once.
const NEVER = { stale: Number.POSITIVE_INFINITY, update: 2 ** 31 - 1, retries: 0, realpath: false } as const;

/** Takes the lock on `path` (which need not exist) until it is released or this process ends, or says who has it. */
export async function holdFileLock(path: string): Promise<FileLock> {
  for (let tries = 0; tries < TRIES; tries++) {
    const holder = await lockHolder(path);
    if (holder !== null) return { held: false, holder };
    const release = await take(path);
    if (release !== null) return { held: true, release };
    await delay(RETRY);
  }
  throw new UserError({
    code: 'LOCKED',
    exit: exit.undelivered,
    message: `${path} can't be locked: ${path}.lock is there, and it is no lock of swarm's.`,
    hint: `See what is in it: ls -la ${path}.lock`,
    details: { path, holder: null },
  });
}

/** The living process that holds the lock on `path`; null when it is free. What dead ones left of it is removed. */
export function lockHolder(path: string): Promise<LockHolder | null> {
  return holderIn(`${path}.lock`);
}

/**
 * Does the work while this process alone holds the lock on `path`.
 * @throws UserError (exit 6) that names the holder when the lock isn't free within `timeout` milliseconds.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  { timeout }: { readonly timeout: number },
): Promise<T> {
  const end = performance.now() + timeout;
  for (;;) {
    const lock = await holdFileLock(path);
    if (lock.held) return work().finally(lock.release);
    if (performance.now() >= end) throw notFree(path, lock.holder);
    await delay(RETRY);
  }
}

function notFree(path: string, holder: LockHolder): UserError {
  const { pid, host, since } = holder;
  const here = host === hostname();
  return new UserError({
    code: 'LOCKED',
    exit: exit.undelivered,
    message: `${path} is locked by process ${pid}${here ? '' : ` on ${host}`}, since ${since}.`,
    hint: here ? `See what it is: ps -p ${pid}` : `If that machine is off for good: rm -r ${path}.lock`,
    details: { path, holder },
  });
}

/** Null when somebody else was first. */
async function take(path: string): Promise<(() => Promise<void>) | null> {
  const { lock } = await import('proper-lockfile');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fs = lockCalls(await ownName());
  const onCompromised = (error: Error) => log('warn', `the lock on ${path} was taken away: ${error.message}`);
  try {
    const release = await lock(path, { ...NEVER, fs, onCompromised });
    return () =>
      release().catch((error: unknown) => {
        if (errnoOf(error) !== 'ERELEASED') throw error;
      });
  } catch (error) {
    if (errnoOf(error) === 'ELOCKED') return null;
    throw error;
  }
}
