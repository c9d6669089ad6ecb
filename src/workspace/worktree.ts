import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unlockAdmin } from '../git/admin.ts';
import { createBranch, initializing } from '../git/claims.ts';
import { setConfig } from '../git/config.ts';
import { type Git, git } from '../git/git.ts';
import type { Repository } from '../git/repository.ts';
import { linkedGitDir } from '../git/worktrees.ts';
import { UserError } from '../lib/errors.ts';
import { makeFolder } from '../lib/make-folder.ts';
import { CONFIG_LOCK, type WorktreeOptions } from './lock.ts';
import type { WorktreePlan } from './plan.ts';
import { undoWorktree } from './undo.ts';

export type { Lock, WorktreeOptions } from './lock.ts';
export { planWorktree, type WorktreePlan, type WorktreeRequest } from './plan.ts';
export { type Kept, undoWorktree } from './undo.ts';

/**
 * Makes the planned worktree as `git worktree add` would, with the user's post-checkout hook, filters and sparse
 * checkout. Branch, folder and checkout are separate steps, so that many can run at once and each can be undone: until the last one the
 * worktree is locked with the operation's name. What fails is undone as a whole. Answers notes for people.
 *
 * Submodules stay empty, as with plain git: filling them may need the network. `git submodule update --init` as a post_create hook does it.
 * @throws UserError WORKTREE_FAILED (1) with git's own reason.
 */
export async function createWorktree(
  repo: Repository,
  plan: WorktreePlan,
  options: WorktreeOptions,
): Promise<string[]> {
  const { operation } = options;
  try {
    makeFolder(dirname(plan.path), 'worktrees.dir');
    const from = plan.upstream ? `${plan.upstream.remote}/${plan.upstream.branch}` : (plan.base?.name ?? plan.start);
    if (plan.createsBranch) await createBranch(repo, plan.branch, { oid: plan.start, name: from }, operation);
    const main = git(repo.root, { operation });
    const add = ['worktree', 'add', '--no-checkout'];
    await main.run([...add, '--lock', '--reason', initializing(operation), '--', plan.path, plan.branch]);
    const notes = await checkOut(plan, operation);
    await follow(repo, plan, options);
    await unlock(main, plan.path);
    return [...plan.notes, ...notes];
  } catch (error) {
    const kept = await undoWorktree(repo, plan, options);
    throw failed(plan, error, kept);
  }
}

/** A worktree is locked by a file of that name: taking it away takes no process. */
async function unlock(main: Git, path: string): Promise<void> {
  const admin = linkedGitDir(path);
  if (admin === null) await main.run(['worktree', 'unlock', path]);
  else await unlockAdmin(admin);
}

async function checkOut(plan: WorktreePlan, operation: string): Promise<string[]> {
  const here = git(plan.path, { operation });
  // What `git worktree add` itself runs (builtin/worktree.c), hook included.
  await here.run(['reset', '--hard', '--quiet', '--no-recurse-submodules']);
  const none = '0'.repeat(plan.start.length);
  const hook = await here.try(['hook', 'run', '--ignore-missing', 'post-checkout', '--', none, plan.start, '1']);
  const notes: string[] = [];
  if (hook.exitCode !== 0) notes.push(`The repository's post-checkout hook failed (exit code ${hook.exitCode}).`);
  if (await stat(join(plan.path, '.gitmodules')).catch(() => null)) {
    notes.push(
      'Submodules are empty in a new worktree. To fill them, add a post_create hook: git submodule update --init',
    );
  }
  return notes;
}

async function follow(repo: Repository, plan: WorktreePlan, { operation, lock }: WorktreeOptions): Promise<void> {
  const { branch, upstream } = plan;
  if (!upstream) return;
  await lock(CONFIG_LOCK, async () => {
    await setConfig(repo, `branch.${branch}.remote`, upstream.remote, operation);
    await setConfig(repo, `branch.${branch}.merge`, `refs/heads/${upstream.branch}`, operation);
  });
}

function failed(plan: WorktreePlan, error: unknown, kept: readonly { what: string; reason: string }[]): unknown {
  if (!(error instanceof UserError) || error.code !== 'GIT_FAILED') return error;
  const left =
    kept.length === 0 ? 'Nothing was left behind.' : kept.map((one) => `${one.what} stays: ${one.reason}.`).join(' ');
  const lfs = /git-lfs/.test(error.message) ? 'git lfs install' : null;
  return new UserError({
    code: 'WORKTREE_FAILED',
    exit: error.exit,
    message: `The worktree ${plan.path} could not be made: ${error.message}. ${left}`,
    hint: lfs ?? error.hint,
    details: { ...error.details, path: plan.path, branch: plan.branch },
    cause: error,
  });
}
