import { createHash } from 'node:crypto';
import { closeSync, type FSWatcher, mkdirSync, openSync, utimesSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf, messageOf } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import type { Board } from './context.ts';

/*
 * How processes learn at once that something is new on the board: whoever wrote it touches a file, whoever waits watches
 * that file. A bell carries nothing: it only says "look", so one that is missed costs a second and loses nothing.
 */

/** The bell that every write to the board rings. */
export const BOARD_BELL = 'board';
/** Milliseconds after which somebody who waits looks without a bell: of one killed before it rang, and where none can be watched. */
const LOOK = 1000;

type Place = Pick<Board, 'stateDir' | 'bells'>;

/** Rings the bells of these participants, and the board's; within a transaction once it is through. */
export function ring({ stateDir, bells }: Place, ...participantIds: readonly string[]): void {
  const names = new Set([...participantIds, BOARD_BELL]);
  if (bells !== undefined) {
    for (const name of names) bells.add(name);
    return;
  }
  const now = new Date();
  for (const name of names) {
    try {
      utimesSync(bellFile(stateDir, name), now, now);
    } catch (error) {
      // Nobody ever listened to this one.
      if (errnoOf(error) !== 'ENOENT') log('debug', `a bell can't be rung: ${messageOf(error)}`);
    }
  }
}

/** A bell that is listened to. */
export interface Bell {
  /** True as soon as it has rung since the last call; false when `ms` are over, or it was closed. */
  heard(ms: number): Promise<boolean>;
  close(): void;
}

/** Listens to the bell of a participant (or {@link BOARD_BELL}) until it is closed or the signal comes. Look after that, then wait. */
export function listen({ stateDir }: Place, participantId: string, signal?: AbortSignal): Bell {
  let rang = false;
  let closed = signal?.aborted ?? false;
  let wake: () => void = () => {};
  const file = bellFile(stateDir, participantId);
  const watcher = closed
    ? null
    : watchFile(file, () => {
        rang = true;
        wake();
      });
  const close = () => {
    closed = true;
    watcher?.close();
    signal?.removeEventListener('abort', close);
    wake();
  };
  signal?.addEventListener('abort', close);
  return {
    close,
    heard: async (ms) => {
      if (!rang && !closed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      const result = rang;
      rang = false;
      return result;
    },
  };
}

/** How long to wait, and what ends it early. */
export interface Waiting {
  /** Milliseconds; 0 looks once. */
  readonly wait: number;
  readonly signal?: AbortSignal | undefined;
}

/** Looks, and again whenever the participant's bell rings, until there is something; null when the time is up or the signal came. */
export async function lookWhenRung<T>(
  board: Place,
  participantId: string,
  { wait, signal }: Waiting,
  look: () => Promise<T | null>,
): Promise<T | null> {
  const end = performance.now() + wait;
  const there = await look();
  if (there !== null || wait <= 0) return there;
  const bell = listen(board, participantId, signal);
  try {
    // What came between the first look and the bell is seen by the next one: the bell is heard from here on.
    for (;;) {
      if (signal?.aborted) return null;
      const found = await look();
      const left = end - performance.now();
      if (found !== null || left <= 0) return found;
      await bell.heard(Math.min(left, LOOK));
    }
  } finally {
    bell.close();
  }
}

/** Null where the system has no watch left to give (Linux: fs.inotify.max_user_instances): then looking has to do. */
function watchFile(file: string, rang: () => void): FSWatcher | null {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
    return watch(file, { persistent: false }, rang).on('error', (error) => log('debug', messageOf(error)));
  } catch (error) {
    log('debug', `no bell: ${messageOf(error)}`);
    return null;
  }
}

/** The file of a bell. Ids may hold any character, so its name is made of a hash. */
function bellFile(stateDir: string, name: string): string {
  return join(stateDir, 'bells', createHash('sha256').update(name).digest('hex').slice(0, 32));
}
