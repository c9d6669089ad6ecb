import { type Git, GitError, type GitOptions } from './git.ts';

/**
 * Adds what is in a worktree to an index of one's own. What git can't add (a file that may not be read, a repository
 * without a commit) is left out, and the rest is in. Answers what git said of that; null when all is in.
 * @throws GitError when nothing could be added.
 */
export async function addAll(here: Git, paths: readonly string[], options: GitOptions): Promise<GitError | null> {
  const args = ['add', '--all', '--ignore-errors', ...paths];
  const result = await here.try(args, options);
  if (result.exitCode === 0) return null;
  const error = new GitError(args, here.dir, result);
  // 128 is git's word for a failure of the whole.
  if (result.exitCode !== 1) throw error;
  return error;
}
