import { lstat, mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { keepRef } from '../git/admin.ts';
import type { Repository } from '../git/repository.ts';
import { errnoOf } from '../lib/errors.ts';

/** What a removal set aside; on disk before anything is moved, gone when it is restored or swept. */
export interface TrashEntry {
  readonly id: string;
  /** Where the worktree was. */
  readonly path: string;
  /** Where it lies now, or will in a moment; null when it was gone before. */
  readonly place: string | null;
  /** git's own folder for it; null when git had forgotten it. */
  readonly admin: string | null;
  /** What its HEAD was on; null when detached. */
  readonly onBranch: string | null;
  readonly head: string | null;
  /** The agent's branch and where it pointed. */
  readonly branch: string | null;
  readonly tip: string | null;
  readonly upstream: { readonly remote: string; readonly merge: string } | null;
  readonly removedAt: string;
}

/** Milliseconds of a day. */
const DAY = 86_400_000;

function folderOf(repo: Repository): string {
  return join(repo.stateDir, 'trash');
}

/** Where a removed worktree goes: git's folder, or beside itself where that is another disk, since only a rename is safe and quick. */
export async function placeFor(repo: Repository, path: string, id: string): Promise<string> {
  await mkdir(folderOf(repo), { recursive: true, mode: 0o700 });
  const [trash, worktree] = await Promise.all([stat(folderOf(repo)), lstat(path)]);
  return trash.dev === worktree.dev ? join(folderOf(repo), id) : besideOf(path, id);
}

function besideOf(path: string, id: string): string {
  return join(dirname(path), '.swarm-trash', id);
}

/** Moves a worktree to its place; fine when it is there already. Answers the entry with the place that it got. */
export async function moveAside(repo: Repository, entry: TrashEntry): Promise<TrashEntry> {
  if (entry.place === null || (await isThere(entry.place))) return entry;
  try {
    await mkdir(dirname(entry.place), { recursive: true, mode: 0o700 });
    await rename(entry.path, entry.place);
    return entry;
  } catch (error) {
    const beside = besideOf(entry.path, entry.id);
    if (errnoOf(error) !== 'EXDEV' || entry.place === beside) throw error;
    const moved = { ...entry, place: beside };
    await writeEntry(repo, moved);
    return moveAside(repo, moved);
  }
}

export async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

export async function writeEntry(repo: Repository, entry: TrashEntry): Promise<void> {
  const file = join(folderOf(repo), `${entry.id}.json`);
  await mkdir(folderOf(repo), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(entry, null, 2), { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

export async function readEntry(repo: Repository, id: string): Promise<TrashEntry | null> {
  // An id may be what a person typed; it must not lead out of the folder.
  if (!/^[\w-]+$/.test(id)) return null;
  const text = await readFile(join(folderOf(repo), `${id}.json`), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as TrashEntry);
}

/** Whether a removal's worktree or commits wait for a restore: it was not restored, to its end, nor swept. */
export async function isSetAside(repo: Repository, id: string): Promise<boolean> {
  return (await readEntry(repo, id)) !== null;
}

/** Everything in the trash, the latest first. */
export async function listTrash(repo: Repository): Promise<TrashEntry[]> {
  const names = await readdir(folderOf(repo)).catch(() => []);
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json'));
  const entries = await Promise.all(ids.map((id) => readEntry(repo, id)));
  return entries.filter((entry) => entry !== null).sort((a, b) => b.removedAt.localeCompare(a.removedAt));
}

/** Refs that keep a removed worktree's commits. */
export function refsOf(id: string): { head: string; tip: string } {
  return { head: `refs/swarm/removed/${id}/head`, tip: `refs/swarm/removed/${id}/tip` };
}

/** Forgets an entry whose worktree is back or gone. */
export async function dropEntry(repo: Repository, entry: TrashEntry): Promise<void> {
  for (const ref of Object.values(refsOf(entry.id))) await keepRef(repo, ref, null);
  const holder = entry.place === null ? null : dirname(entry.place);
  if (holder !== null && basename(holder) === '.swarm-trash') await rmdir(holder).catch(() => null);
  await rm(join(folderOf(repo), `${entry.id}.json`), { force: true });
}

/** Removes for good what was set aside longer ago than this. Answers what it removed. Can be run again after a crash. */
export async function sweepTrash(repo: Repository, olderThanDays = 7): Promise<TrashEntry[]> {
  const limit = Date.now() - olderThanDays * DAY;
  const old = (await listTrash(repo)).filter(({ removedAt }) => Date.parse(removedAt) <= limit);
  const swept: TrashEntry[] = [];
  for (const entry of old) {
    // Without its place the worktree was never moved: then it is not ours to remove.
    const moved = entry.place !== null && (await isThere(entry.place));
    if (!moved && (await isThere(entry.path))) continue;
    for (const folder of [entry.place, entry.admin]) {
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    }
    await dropEntry(repo, entry);
    swept.push(entry);
  }
  return swept;
}
