import { messageOf } from '../../lib/errors.ts';
import { log } from '../../lib/log.ts';
import type { Board } from '../context.ts';
import { recordEvent } from '../events.ts';
import type { Folder } from './folder.ts';
import type { Memory } from './memory.ts';
import type { Rejection } from './types.ts';

/** What those who take edits share. */
export interface Door {
  readonly board: Board;
  readonly folder: Folder;
  readonly memory: Memory;
  readonly waits: Waits;
  /** Whether this is the first look since swarm came: the one before may have been cut off. */
  readonly isFirst: boolean;
}

/** Characters of a text that was not taken which are kept beside the reason. */
const MOST = 100_000;

/** Milliseconds for which what fails is tried again: the database may be busy. */
const PATIENCE = 3000;

/** Says beside a file why something in it was not taken. */
export function reject(
  { memory }: Door,
  file: string,
  what: Omit<Rejection, 'at' | 'hint'> & { readonly hint?: string | null },
): void {
  memory.reject(file, { at: new Date().toISOString(), hint: null, ...what, edit: shown(what.edit) });
}

/** An edit as far as it can be shown. */
function shown(edit: unknown): unknown {
  if (typeof edit === 'string') return edit.length > MOST ? `${edit.slice(0, MOST)}…` : edit;
  try {
    return JSON.stringify(edit).length > MOST ? '(too long to be shown)' : edit;
  } catch {
    return '(too deep to be shown)';
  }
}

/**
 * Takes from a file, which answers whether it may not be whole yet. Where that fails in a way that nobody foresaw it is tried
 * again for a while, and the others go on.
 */
export async function guarded(door: Door, file: string, waiting: Set<string>, work: () => Promise<boolean>) {
  try {
    if (await work()) waiting.add(file);
  } catch (error) {
    log('warn', `${file}: ${messageOf(error)}`);
    if (!door.waits.over(`failed ${file}`, PATIENCE)) waiting.add(file);
    else {
      const edit = door.folder.read(file)?.text ?? null;
      reject(door, file, { task: null, by: null, edit, code: 'FAILED', reason: messageOf(error) });
    }
  }
}

/** Notes in the history that something came through a file: there nobody can show who they are. */
export function viaFile({ board }: Door, by: string, file: string, data: Readonly<Record<string, unknown>>) {
  return recordEvent(board.db, by, 'file-edit', { file, ...data });
}

/** What is given a moment: half of an edit, whose other half may come. */
export class Waits {
  readonly #since = new Map<string, number>();
  #asked = new Set<string>();

  /** Whether it has lasted `patience` milliseconds since it was first asked about, without a look at which it wasn't so. */
  over(key: string, patience: number): boolean {
    const now = performance.now();
    const since = this.#since.get(key) ?? now;
    this.#asked.add(key);
    this.#since.set(key, since);
    return now - since >= patience;
  }

  /** Ends a look: what it did not ask about is over. @returns whether something still waits. */
  settle(): boolean {
    for (const key of this.#since.keys()) if (!this.#asked.has(key)) this.#since.delete(key);
    this.#asked = new Set();
    return this.#since.size > 0;
  }
}
