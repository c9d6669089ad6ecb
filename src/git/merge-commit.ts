import { rm } from 'node:fs/promises';
import { exit, UserError } from '../lib/errors.ts';
import { adminDirsBegun, initializing, removeAdminDir } from './claims.ts';
import { type Git, git } from './git.ts';
import type { Repository } from './repository.ts';

const IDENTITY = 'git config --global user.name "Your Name"; git config --global user.email you@example.com';
/** Signs a commit that nothing points to: what is wrong with signing shows by itself. */
const SIGNING = "Signing fails. To try it alone: git commit-tree -S -m test 'HEAD^{tree}'";

/** How one branch's work becomes part of another. */
export type MergeStrategy = 'squash' | 'merge' | 'rebase' | 'ff';

/** A commit with this tree on top of its parents: by the user, and signed where they sign. Nothing points to it yet. */
export async function makeCommit(
  repo: Repository,
  commit: { readonly tree: string; readonly parents: readonly string[]; readonly message: string },
): Promise<string> {
  const main = git(repo.root);
  const signs = await main.try(['config', '--type=bool', '--get', 'commit.gpgSign']);
  const sign = signs.stdout.trim() === 'true' ? ['-S'] : [];
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  const made = await main.try(['commit-tree', ...sign, ...parents, '-F', '-', commit.tree], { input: commit.message });
  if (made.exitCode === 0) return made.stdout.trim();
  throw notCommitted('made no commit', made.stderr.trim(), sign.length > 0);
}

/** The user's hooks are for their worktrees and say nothing of one that lives for a moment. */
const NO_HOOKS = ['-c', 'core.hooksPath=/dev/null'] as const;

/**
 * Runs `work` in a worktree that nobody else has, with this commit checked out and no branch, without the user's hooks; it
 * is gone afterwards. `path` must be free.
 */
export async function withScratchWorktree<T>(
  repo: Repository,
  path: string,
  oid: string,
  operation: string,
  work: (here: Git) => Promise<T>,
): Promise<T> {
  const main = git(repo.root, { operation });
  const add = ['worktree', 'add', '--quiet', '--detach', '--force', '--lock', '--reason', initializing(operation)];
  try {
    await main.run([...NO_HOOKS, ...add, '--', path, oid]);
    return await work(git(path, { operation }));
  } finally {
    await removeScratchWorktree(repo, path, operation);
  }
}

/** Takes the scratch worktree of an operation away, whatever is left of it, and git's folder for it: nobody else's. */
export async function removeScratchWorktree(repo: Repository, path: string, operation: string): Promise<void> {
  const admins = await adminDirsBegun(repo, path, operation);
  await rm(path, { recursive: true, force: true });
  for (const admin of admins) await removeAdminDir(admin);
}

/**
 * Replays the commits of the worktree's HEAD that neither `onto` nor `upstream` has. Answers the new tip, or the files in
 * which that stuck.
 * @throws UserError exit 4 when git stopped for another reason than a conflict (no identity, no key to sign with).
 */
export async function rebaseHere(
  here: Git,
  onto: string,
  upstream: string,
): Promise<{ readonly tip: string } | { readonly files: readonly string[] }> {
  const plain = ['-c', 'rebase.autoSquash=false', '-c', 'rebase.updateRefs=false', '-c', 'rebase.rebaseMerges=false'];
  const args = ['rebase', '--quiet', '--no-autostash', '--no-verify', '--onto', onto, upstream];
  const { exitCode, stdout, stderr } = await here.try([...NO_HOOKS, ...plain, ...args]);
  if (exitCode === 0) return { tip: (await here.run(['rev-parse', 'HEAD'])).trim() };
  const text = await here.run(['diff', '--name-only', '--diff-filter=U', '-z']);
  const files = text.split('\0').filter((file) => file !== '');
  if (files.length > 0) return { files };
  const said = stderr.trim() || stdout.trim();
  throw notCommitted('replayed no commit', said, /\b(?:gpg|sign)/i.test(said));
}

function notCommitted(what: string, said: string, signs: boolean): UserError {
  return new UserError({
    code: 'NOT_COMMITTED',
    exit: exit.refused,
    message: `git ${what}: ${said}`,
    hint: signs && !/\bident/i.test(said) ? SIGNING : IDENTITY,
  });
}
