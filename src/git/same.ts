import { lstat, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from './repository.ts';

/**
 * Whether a worktree's untracked file is nothing but the main worktree's: a copy with the same content, or a link to
 * it. Nothing is lost with such a file.
 */
export async function sameAsMain(repo: Repository, worktree: string, path: string): Promise<boolean> {
  if (repo.bare || worktree === repo.root) return false;
  const here = join(worktree, path);
  const there = join(repo.root, path);
  const [mine, other] = await Promise.all([lstat(here).catch(() => null), lstat(there).catch(() => null)]);
  if (!mine || !other) return false;
  if (mine.isSymbolicLink()) {
    if (other.isSymbolicLink() && (await readlink(here)) === (await readlink(there))) return true;
    const [from, to] = await Promise.all([realpath(here).catch(() => null), realpath(there).catch(() => null)]);
    return from !== null && from === to;
  }
  if (!mine.isFile() || !other.isFile() || mine.size !== other.size) return false;
  return (await readFile(here)).equals(await readFile(there));
}
