import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currentBranch } from './branches.ts';
import { operationIn } from './operation.ts';
import type { Repository } from './repository.ts';
import { sameAsMain } from './same.ts';
import { readStatus } from './status.ts';
import { adminDirOf } from './worktrees.ts';

/**
 * Why a worktree holds work of somebody's, beyond a fresh checkout of `start` on `branch` and copies of what lies in the
 * main worktree; null when it does not.
 */
export async function ownWork(
  repo: Repository,
  worktree: string,
  expected: { readonly branch: string; readonly start: string },
): Promise<string | null> {
  const admin = await adminDirOf(repo, worktree);
  const linked = await readFile(join(worktree, '.git'), 'utf8').catch(() => '');
  if (admin === null || !linked.startsWith('gitdir: ')) return 'it is no worktree of this repository any more';
  const operation = await operationIn(admin);
  if (operation !== null) return `it is in the middle of a ${operation}`;
  if ((await currentBranch(worktree)) !== expected.branch) return 'another branch is checked out in it';
  const { head, changed, untracked } = await readStatus(worktree);
  if (head !== expected.start) return 'it has commits of its own';
  if (changed.length > 0) return `it has changed files: ${few(changed.map(({ path }) => path))}`;
  const strange = await Promise.all(untracked.map(async (path) => !(await sameAsMain(repo, worktree, path))));
  const own = untracked.filter((_, index) => strange[index]);
  return own.length > 0 ? `it has files of its own: ${few(own)}` : null;
}

function few(paths: readonly string[]): string {
  return paths.length > 3 ? `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more` : paths.join(', ');
}
