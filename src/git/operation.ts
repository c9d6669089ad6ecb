import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What git is in the middle of in a worktree. */
export type GitOperation = 'merge' | 'rebase' | 'am' | 'cherry-pick' | 'revert' | 'bisect';

/** Files in a worktree's admin folder by which git itself knows (wt-status.c), the more specific first. */
const SIGNS: readonly (readonly [string, GitOperation])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
];

/** The operation in progress in the worktree with this admin folder, or null. */
export async function operationIn(adminDir: string): Promise<GitOperation | null> {
  for (const [file, operation] of SIGNS) {
    if (await stat(join(adminDir, file)).catch(() => null)) return operation;
  }
  return null;
}

/** Files that name the branch which an operation in progress will go back to: git counts it as checked out there. */
export const BRANCH_HOLDERS = ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START'] as const;

/** The branch that a detached worktree's rebase or bisect belongs to, or null. */
export async function heldBranch(adminDir: string): Promise<string | null> {
  for (const file of BRANCH_HOLDERS) {
    const text = (await readFile(join(adminDir, file), 'utf8').catch(() => '')).trim();
    if (text !== '' && text !== 'detached HEAD') return text.replace(/^refs\/heads\//, '');
  }
  return null;
}
