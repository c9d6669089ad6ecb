import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ancestorsOf, type Untracked } from '../git/untracked.ts';
import type { Patterns } from './patterns.ts';

/** Something that was left out, and why, for people. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

/** What is to be copied or linked: files, and folders with all that is in them. Relative paths. */
export interface Selection {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** What of a worktree's untracked files the patterns mean. Looks into an ignored folder only where a pattern names it. */
export async function selectCopies(
  root: string,
  untracked: readonly Untracked[],
  include: readonly Patterns[],
  exclude: Patterns,
): Promise<Selection> {
  const files: string[] = [];
  const folders: string[] = [];
  const skipped: Skipped[] = [];
  const meant = (path: string, isFolder: boolean) => include.some((patterns) => patterns.matches(path, isFolder));
  for (const { path, kind } of untracked) {
    if (exclude.matches(path, kind !== 'file')) continue;
    if (kind === 'repository') {
      if (meant(path, true)) skipped.push({ path, reason: REPOSITORY });
    } else if (kind === 'file') {
      if (meant(path, false)) files.push(path);
    } else if (meant(path, true)) {
      folders.push(path);
    } else if (include.some((patterns) => patterns.reachesInto(path))) {
      const inside = await filesBelow(root, path, exclude);
      files.push(...inside.files.filter((file) => meant(file, false)));
      skipped.push(...inside.skipped.filter((one) => meant(one.path, true)));
    }
  }
  return { files, folders, skipped };
}

/** Untracked files and folders that the patterns mean, the outermost of each: folders too that hold nothing tracked. */
export function selectLinks(untracked: readonly Untracked[], tracked: ReadonlySet<string>, link: Patterns): string[] {
  const trackedFolders = new Set([...tracked].flatMap(ancestorsOf));
  const paths = new Set(untracked.flatMap(({ path }) => [...ancestorsOf(path), path]));
  const meant = [...paths].filter((path) => !trackedFolders.has(path) && link.matches(path, true)).sort();
  return meant.filter((path) => !ancestorsOf(path).some((folder) => meant.includes(folder)));
}

const REPOSITORY = 'it is a repository of its own';

/** All files below a folder, links included as such; repositories in it are left out. */
export async function filesBelow(root: string, folder: string, exclude: Patterns): Promise<Selection> {
  const files: string[] = [];
  const skipped: Skipped[] = [];
  const queue = [folder];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const here = next;
    if (await lstat(join(root, here, '.git')).catch(() => null)) {
      skipped.push({ path: here, reason: REPOSITORY });
      continue;
    }
    for (const entry of await readdir(join(root, here), { withFileTypes: true }).catch(() => [])) {
      const path = `${here}/${entry.name}`;
      if (exclude.matches(path, entry.isDirectory())) continue;
      if (entry.isDirectory()) queue.push(path);
      else files.push(path);
    }
  }
  return { files, folders: [], skipped };
}
