import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { errnoOf, exit, UserError } from '../lib/errors.ts';
import { healthOf } from './damage.ts';

/** A copy of a session's database that was whole when it was made. */
export interface Backup {
  /** Absolute path. */
  readonly file: string;
  /** When it was made, ISO 8601. */
  readonly at: string;
}

/** Backups kept, how many of the newest, and in which spans of milliseconds older ones: a mistake may be found late. */
const MOST = 8;
const NEWEST = 2;
const SPANS = [20 * 60_000, 2 * 3_600_000, 24 * 3_600_000];
/** Pages per step: all of them. In steps, every write of another process would make the copy begin anew. */
const ALL_PAGES = 2 ** 31 - 1;

const folderOf = (stateDir: string): string => join(stateDir, 'backups');

/** The backups of a session's database, the newest first. */
export function listBackups(stateDir: string): Backup[] {
  const folder = folderOf(stateDir);
  return namesIn(folder)
    .flatMap((name): Backup[] => {
      const at = timeOf(name);
      return at === null ? [] : [{ file: join(folder, name), at }];
    })
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}

/**
 * Copies the session's database while others use it: whole, checked, private, and in its place in one step. Old ones make
 * room: the newest stay, and of the others some that are far from each other.
 * @throws UserError exit 1 when the database is damaged: a bad copy never takes a good one's place.
 */
export async function backUp(stateDir: string): Promise<Backup> {
  const folder = folderOf(stateDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const at = new Date().toISOString();
  const file = join(folder, nameOf(at));
  const draft = `${file}.${process.pid}.new`;
  try {
    // Private from its first byte.
    closeSync(openSync(draft, 'w', 0o600));
    await copyWhole(join(stateDir, 'swarm.db'), draft);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(folder);
  prune(stateDir);
  return { file, at };
}

async function copyWhole(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 10_000 });
  try {
    await backup(source, to, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
  const copy = new DatabaseSync(to);
  try {
    // One file, that needs none beside it. Leases are of processes that are at work now.
    copy.exec('pragma journal_mode = delete; delete from leases');
  } finally {
    copy.close();
  }
  chmodSync(to, 0o600);
  const health = healthOf(to, 'quick_check');
  if (health !== 'good') throw badCopy(from, health);
  const handle = openSync(to, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function badCopy(file: string, health: string): UserError {
  return new UserError({
    code: 'STORE_DAMAGED',
    exit: exit.failed,
    message: `A copy of ${file} was made, and it is ${health}: the copy was not kept.`,
    hint: 'swarm doctor',
    details: { file, health },
  });
}

/** A file that was renamed is there for good once its folder is on the disk. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function prune(stateDir: string): void {
  const kept = spread(listBackups(stateDir));
  const folder = folderOf(stateDir);
  for (const { file } of listBackups(stateDir))
    if (!kept.some((one) => one.file === file)) rmSync(file, { force: true });
  // What a process left that died halfway: nobody takes an hour for it.
  for (const name of namesIn(folder).filter((one) => one.includes('.new'))) {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats && Date.now() - stats.mtimeMs > 3_600_000) rmSync(join(folder, name), { force: true });
  }
}

/** Which to keep: of each span the first of this one and of the one before; then the newest, as many as there is room for. */
export function spread(newestFirst: readonly Backup[], now: number = Date.now()): Backup[] {
  const kept = new Set(newestFirst.slice(0, NEWEST));
  for (const span of SPANS) {
    const slotOf = (time: number) => Math.floor(time / span);
    for (const slot of [slotOf(now), slotOf(now) - 1]) {
      const first = newestFirst.findLast(({ at }) => slotOf(Date.parse(at)) === slot);
      if (first !== undefined) kept.add(first);
    }
  }
  for (const backup of newestFirst) if (kept.size < MOST) kept.add(backup);
  return newestFirst.filter((backup) => kept.has(backup));
}

/** `swarm-20261120T100000123Z.db`: sorts by time, and is a file's name anywhere. */
const nameOf = (at: string): string => `swarm-${at.replace(/[-:.]/g, '')}.db`;

function timeOf(name: string): string | null {
  const match = /^swarm-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.db$/.exec(name);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, ms] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
