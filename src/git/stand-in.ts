import { type Git, GitError, type GitOptions } from './git.ts';
import { FIXED_IDENTITY } from './scratch.ts';

/** Work that was brought somewhere under another commit: what `result` holds of `tip` no history says. */
export interface Brought {
  /** A commit of the branch that was merged. */
  readonly tip: string;
  /** What it became: its squash, or the last of its commits as they were replayed. */
  readonly result: string;
}

/**
 * `ours` as it would be if the newest of what was brought to it from `theirs` had been merged there: a commit with the
 * same content that has the work's own commit as an ancestor, too, so that git takes up from there and not from where the
 * branch once began. Just `ours` where git knows by itself, or nothing was brought.
 * @param brought the newest first.
 */
export async function standIn(
  git: Git,
  ours: string,
  theirs: string,
  brought: readonly Brought[],
  options: GitOptions = {},
): Promise<string> {
  for (const { tip, result } of brought) {
    if (!(await holds(git, ours, result, options))) continue;
    // Whoever has taken the result in again has both histories.
    if ((await holds(git, theirs, result, options)) || (await holds(git, ours, tip, options))) return ours;
    if (!(await holds(git, theirs, tip, options))) continue;
    const args = ['commit-tree', '-m', 'stand-in', '-p', ours, '-p', tip, `${ours}^{tree}`];
    return (await git.run(args, { ...options, env: { ...FIXED_IDENTITY, ...options.env } })).trim();
  }
  return ours;
}

/** Whether `oid` is `ancestor` or comes after it; a commit that is gone is nobody's ancestor. */
async function holds(git: Git, oid: string, ancestor: string, options: GitOptions): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', ancestor, oid];
  const result = await git.try(args, options);
  if (result.exitCode === 0 || result.exitCode === 1) return result.exitCode === 0;
  if ((await git.try(['cat-file', '-e', `${ancestor}^{commit}`], options)).exitCode !== 0) return false;
  throw new GitError(args, git.dir, result);
}
