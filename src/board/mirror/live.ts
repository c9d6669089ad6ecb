import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Repository } from '../../git/repository.ts';
import { exit, messageOf, UserError } from '../../lib/errors.ts';
import { log } from '../../lib/log.ts';
import { holdFileLock } from '../../process/file-lock.ts';
import { BOARD_BELL, listen } from '../bell.ts';
import type { Board } from '../context.ts';
import { FOLDERS } from './folder.ts';
import { Mirror } from './mirror.ts';
import { mirrorPlace } from './place.ts';

/** Milliseconds between two looks without a sign that something is new. */
const LOOK = 1000;
/** Milliseconds until the next look while something is half done, or somebody is at it. */
const SOON = 100;
/** Milliseconds that pass at least between two looks: who writes often is not read as often. */
const PACE = 20;

/**
 * Keeps the board's files as the board is, and takes what is written into them, until the signal comes. One process does
 * that at a time. `ready` is told the folder once its files are there; `trouble` what kept a look from its end.
 * @throws UserError exit 4 when another process does it, or the folder can't be one.
 */
export async function keepMirror(
  board: Board,
  repo: Repository,
  folder: string,
  signal: AbortSignal,
  tell: Tell,
): Promise<void> {
  const lock = await holdFileLock(join(board.stateDir, 'mirror'));
  if (!lock.held) throw mirrored(lock.holder.pid);
  try {
    // Only now: git ignores the folder from here on.
    await keep(board, await mirrorPlace(repo, folder), signal, tell);
  } finally {
    await lock.release();
  }
}

interface Tell {
  readonly ready: (path: string) => void;
  readonly trouble: (message: string) => void;
}

async function keep(board: Board, path: string, signal: AbortSignal, tell: Tell): Promise<void> {
  const wake = new Wake(signal);
  const bell = listen(board, BOARD_BELL, signal);
  try {
    const mirror = new Mirror(board, path);
    const rung = heardAll(bell, wake, signal);
    let trouble = '';
    let isReady = false;
    while (!signal.aborted) {
      let again = false;
      try {
        again = await mirror.look();
        if (!isReady) tell.ready(path);
        isReady = true;
        trouble = '';
        wake.watch(['.', ...FOLDERS].map((one) => join(path, one)));
      } catch (error) {
        if (!isReady) throw error;
        const message = messageOf(error);
        if (message !== trouble) tell.trouble(message);
        trouble = message;
      }
      await wake.within(again ? SOON : LOOK);
      await delay(PACE);
    }
    await rung;
  } finally {
    wake.close();
    bell.close();
  }
}

async function heardAll(bell: ReturnType<typeof listen>, wake: Wake, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) if (await bell.heard(LOOK)) wake.up();
}

/** What ends a wait: a change in one of the folders, the board's bell, the signal. */
class Wake {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #signal: AbortSignal;
  #isUp = false;
  #end: () => void = () => {};

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.up);
  }

  readonly up = () => {
    this.#isUp = true;
    this.#end();
  };

  /** Watches folders that are not watched yet. Where the system has no watch left, looking has to do. */
  watch(folders: readonly string[]): void {
    for (const folder of folders.filter((one) => !this.#watchers.has(one))) {
      try {
        const watcher = watch(folder, { persistent: false }, this.up);
        const drop = () => {
          watcher.close();
          this.#watchers.delete(folder);
        };
        this.#watchers.set(folder, watcher.on('error', drop));
      } catch (error) {
        log('debug', `${folder} is not watched: ${messageOf(error)}`);
      }
    }
  }

  async within(ms: number): Promise<void> {
    if (!this.#isUp && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#isUp = false;
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.up);
    for (const watcher of this.#watchers.values()) watcher.close();
  }
}

function mirrored(pid: number): UserError {
  return new UserError({
    code: 'MIRRORED',
    exit: exit.refused,
    message: `The board's files are kept by process ${pid} already.`,
    hint: `ps -p ${pid}`,
    details: { pid },
  });
}
