import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf, exit, UserError } from '../../lib/errors.ts';

/** A file as it was found. */
export interface Seen {
  readonly text: string;
  /** Another one means that it was written since. */
  readonly stamp: string;
}

/** Folders of the mirror, each below those before it. */
export const FOLDERS = [
  'context',
  'logs',
  'results',
  'state',
  'state/workers',
  'state/tasks',
  'communication',
  'communication/locks',
  'communication/messages',
  'communication/messages/master-to-worker',
  'communication/messages/worker-to-master',
  'communication/messages/worker-to-worker',
] as const;

/** Bytes of a file that is read: of one that swarm wrote twice as many as it had then, where that is more. */
const MOST = 64_000_000;
/** Milliseconds for which a file's time may not have moved although it was written again. */
const GRAIN = 50;

/** What stands for the text of a file that is too large to be read. */
const unread = (bytes: number) => `(${bytes} bytes, which is more than is read)`;

/** Whether a text stands for that of a file that is too large. */
export function isUnread(text: string): boolean {
  return text === unread(Number(/^\((\d+) bytes/.exec(text)?.[1]));
}

/**
 * The mirror's files: each is replaced in one step, and nothing is reached through a link. Read again only what has changed
 * since it was read.
 */
export class Folder {
  readonly path: string;
  readonly #read = new Map<string, Seen>();
  /** Bytes of what swarm wrote. */
  readonly #wrote = new Map<string, number>();

  constructor(path: string) {
    this.path = path;
  }

  /** Makes what is missing of the folders, and says which. @throws UserError exit 4 when one of them is a link or a file. */
  make(): ReadonlySet<string> {
    const made = new Set<string>();
    for (const folder of ['', ...FOLDERS]) {
      const path = join(this.path, folder);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found === undefined) {
        mkdirSync(path, { mode: 0o700 });
        made.add(folder);
      } else if (!found.isDirectory()) throw notAFolder(path, found);
    }
    return made;
  }

  /** Removes what a process that was killed left of its writing. */
  sweep(): void {
    for (const folder of ['', ...FOLDERS]) {
      const names = readdirSync(join(this.path, folder));
      for (const name of names.filter((one) => /^\..+\.(?:new|old)$/.test(one))) remove(join(this.path, folder, name));
    }
  }

  /** Names of the files in one of the folders; hidden ones are nobody's business. */
  list(folder: string): string[] {
    return readdirSync(join(this.path, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(folder, entry.name))
      .sort();
  }

  /** What changes when a file does. */
  stamp(file: string): string {
    const found = lstatSync(join(this.path, file), { throwIfNoEntry: false });
    return found === undefined ? file : `${file} ${stampOf(found)}`;
  }

  /** Null for what is not there, and for what is no plain file; of one too large only how large it is. */
  read(file: string): Seen | null {
    const path = join(this.path, file);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isFile() !== true) return null;
    const known = this.#read.get(file);
    const settled = Date.now() - found.mtimeMs > GRAIN;
    if (known !== undefined && known.stamp === stampOf(found) && settled) return known;
    const seen = readPlain(path, this.#most(file));
    if (seen !== null) this.#read.set(file, seen);
    return seen;
  }

  /**
   * Puts a text in a file's place, if what is there still is what it was: null for nothing. What somebody wrote into the old
   * file at that very moment is answered as `late`.
   */
  replace(
    file: string,
    text: string,
    expected: string | null,
  ): { readonly done: boolean; readonly late: string | null } {
    const path = join(this.path, file);
    const [draft, old] = ['new', 'old'].map((end) => join(dirname(path), `.${basename(path)}.${end}`)) as [
      string,
      string,
    ];
    remove(draft);
    remove(old);
    const most = this.#most(file);
    writeFileSync(draft, text, { mode: this.#mode(dirname(path)), flag: 'wx' });
    try {
      const found =
        lstatSync(path, { throwIfNoEntry: false })?.isFile() && keep(path, old) ? readPlain(old, most) : null;
      if ((found?.text ?? null) !== expected) return { done: false, late: null };
      renameSync(draft, path);
      this.#wrote.set(file, Buffer.byteLength(text));
      // An editor that had opened the old file writes into what is only reached by this name now.
      const after = expected === null ? null : (readPlain(old, most)?.text ?? null);
      return { done: true, late: after === expected ? null : after };
    } finally {
      remove(draft);
      remove(old);
    }
  }

  /** Writes what only swarm writes. */
  put(file: string, text: string): void {
    const path = join(this.path, file);
    const draft = join(dirname(path), `.${basename(path)}.new`);
    remove(draft);
    writeFileSync(draft, text, { mode: this.#mode(dirname(path)), flag: 'wx' });
    renameSync(draft, path);
    this.#wrote.set(file, Buffer.byteLength(text));
  }

  /** Adds to the end of a file; what somebody else has put in its place (a link, a folder) is left alone. */
  append(file: string, text: string): void {
    const path = join(this.path, file);
    const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const flags = O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK;
    let target: number;
    try {
      target = openSync(path, flags, this.#mode(dirname(path)));
    } catch (error) {
      if (['ELOOP', 'EISDIR', 'ENXIO', 'EACCES'].includes(errnoOf(error) ?? '')) return;
      throw error;
    }
    try {
      if (fstatSync(target).isFile()) writeFileSync(target, text);
    } finally {
      closeSync(target);
    }
  }

  remove(file: string): void {
    this.#read.delete(file);
    remove(join(this.path, file));
  }

  #most(file: string): number {
    return Math.max(MOST, 2 * (this.#wrote.get(file) ?? 0));
  }

  /** A file may be read by whom its folder may be: only by its owner where swarm made it. */
  #mode(folder: string): number {
    return lstatSync(folder).mode & 0o666;
  }
}

/** A second name for a file; false when there is none. */
function keep(path: string, name: string): boolean {
  try {
    linkSync(path, name);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function readPlain(path: string, most: number): Seen | null {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: number;
  try {
    file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'EACCES', 'ENXIO'].includes(errnoOf(error) ?? '')) return null;
    throw error;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile()) return null;
    const text = found.size > most ? unread(found.size) : readFileSync(file, 'utf8');
    return { text, stamp: stampOf(found) };
  } finally {
    closeSync(file);
  }
}

const stampOf = ({ ino, size, mtimeMs }: Stats) => `${ino} ${size} ${mtimeMs}`;

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

function notAFolder(path: string, found: Stats): UserError {
  return new UserError({
    code: 'MIRROR_LINK',
    exit: exit.refused,
    message: `${path} is ${found.isSymbolicLink() ? 'a link' : 'no folder'}: the mirror is written into folders of its own only.`,
    hint: `ls -la ${path}`,
    details: { path },
  });
}
