import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf } from '../../lib/errors.ts';
import type { Content, FileTask, Rejection } from './types.ts';

/** A file as swarm wrote it last. */
interface Written {
  /** Null for what is no document. */
  readonly version: number | null;
  readonly hash: string;
  /** Where an edit is compared with what it was made on. */
  readonly text?: string;
}

/** A text, with the version that it says it is. */
export interface VersionedText {
  readonly text: string;
  readonly version: number | null;
}

/** What the mirror knows of what it wrote: an edit is what differs from that, however long swarm was away. */
interface Known {
  readonly folder: string;
  /** The last that was given to a file. */
  version: number;
  files: Record<string, Written>;
  /** Each task as the file had it, the newest last. */
  tasks: Record<string, FileTask[]>;
  /** The version of `tasks.json` in which a task came into it. */
  since: Record<string, number>;
  rejected: Record<string, Rejection[]>;
  /** The event up to which the logs are written. */
  event: number;
  /** Reports that were being written, each as it was when it last counted as a sign of life. */
  drafts?: Record<string, string>;
}

/** States of one task that are known: an edit on an older one is stale. */
const STATES = 12;
/** Milliseconds for which a rejection is shown. */
const SHOWN = 3_600_000;
const MOST_REJECTIONS = 50;

/** The event up to which the mirror's logs tell what happened; 0: none, or there is no mirror. */
export function loggedUpTo(stateDir: string): number {
  return readKnown(knownFile(stateDir))?.event ?? 0;
}

/** Where the mirror keeps what it knows. */
export const knownFile = (stateDir: string): string => join(stateDir, 'mirror.json');

/** {@link Known}, kept across restarts in the session's state folder. */
export class Memory {
  readonly known: Known;
  readonly #file: string;
  #saved = '';

  constructor(file: string, folder: string) {
    this.#file = file;
    const found = readKnown(file);
    this.known =
      found?.folder === folder
        ? found
        : { folder, version: 0, files: {}, tasks: {}, since: {}, rejected: {}, event: 0 };
    // A task may be called 'constructor'.
    for (const record of [this.known.tasks, this.known.since]) Object.setPrototypeOf(record, null);
  }

  /** Writes down what is new. */
  save(): void {
    const text = JSON.stringify(this.known);
    if (text === this.#saved) return;
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#file}.new`, text, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
    this.#saved = text;
  }

  /** Whether a file's text is what swarm wrote last. */
  isOurs(file: string, text: string): boolean {
    return this.known.files[file]?.hash === hashOf(text);
  }

  /** What swarm wrote last, where that is kept. */
  textOf(file: string): string | null {
    return this.known.files[file]?.text ?? null;
  }

  /** Remembers what is in a file now. */
  wrote(file: string, { text, version }: VersionedText, keepText = false): void {
    this.known.files[file] = { version, hash: hashOf(text), ...(keepText ? { text } : {}) };
  }

  /** Whether a draft is another than at the last call; null: there is none. */
  isNewDraft(file: string, stamp: string | null): boolean {
    this.known.drafts ??= {};
    const { drafts } = this.known;
    const isNew = stamp !== null && drafts[file] !== stamp;
    if (stamp === null) delete drafts[file];
    else drafts[file] = stamp;
    return isNew;
  }

  forget(file: string): void {
    delete this.known.files[file];
  }

  /** The text for a file: a document gets a new version exactly when something else in it is new. */
  textFor(file: string, content: Content): VersionedText {
    if (typeof content === 'string') return { text: content, version: null };
    const known = this.known.files[file];
    const old = known?.version ?? null;
    const same = documentText(old ?? 0, content);
    if (old !== null && known?.hash === hashOf(same)) return { text: same, version: old };
    const version = ++this.known.version;
    return { text: documentText(version, content), version };
  }

  /** The tasks for `tasks.json`: each with the version in which it last changed there. */
  tasksFor(tasks: readonly Omit<FileTask, 'version'>[]): FileTask[] {
    const { known } = this;
    const next = known.version + 1;
    const shown = tasks.map((task) => {
      const states = known.tasks[task.id] ?? [];
      const last = states.at(-1);
      if (last !== undefined && sameTask(last, task)) return last;
      const state = { ...task, version: next };
      known.tasks[task.id] = [...states, state].slice(-STATES);
      known.since[task.id] ??= next;
      return state;
    });
    if (shown.some(({ version }) => version === next)) known.version = next;
    const here = new Set(tasks.map(({ id }) => id));
    for (const id of Object.keys(known.since)) if (!here.has(id)) delete known.since[id];
    return shown;
  }

  /** Rejections by file, without those that are old. */
  rejections(): [file: string, rejected: readonly Rejection[]][] {
    const { rejected } = this.known;
    for (const [file, some] of Object.entries(rejected)) {
      const left = some.filter(({ at }) => Date.now() - Date.parse(at) < SHOWN);
      if (left.length === 0) delete rejected[file];
      else if (left.length < some.length) rejected[file] = left;
    }
    return Object.entries(rejected);
  }

  /** Keeps a rejection for its file; the same one again is one. */
  reject(file: string, rejection: Rejection): void {
    const old = this.known.rejected[file] ?? [];
    const key = ({ at: _, ...rest }: Rejection) => JSON.stringify(rest);
    const others = old.filter((one) => key(one) !== key(rejection));
    this.known.rejected[file] = [...others, rejection].slice(-MOST_REJECTIONS);
  }
}

/** Two states of a task that say the same. */
export function sameTask(a: Omit<FileTask, 'version'>, b: Omit<FileTask, 'version'>): boolean {
  const words = ({ context, ...task }: Omit<FileTask, 'version'>) =>
    JSON.stringify([
      [task.id, task.description, task.status, task.claimed_by, task.priority, task.reason],
      [task.dependencies, context.files, context.hints, task.scope, task.needs],
    ]);
  return words(a) === words(b);
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function documentText(version: number, body: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ version, ...body }, null, 2)}\n`;
}

function readKnown(file: string): Known | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Known;
  } catch (error) {
    // Half written by a machine that went down, or none yet: what is in the files counts as new then.
    if (errnoOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}
