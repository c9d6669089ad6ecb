import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { branchHolder, localBranch } from '../git/branches.ts';
import { adminDirsBegun, createdBranch, deleteBranch, initializing, removeAdminDir } from '../git/claims.ts';
import { removeBranchConfig } from '../git/config.ts';
import { ownWork } from '../git/own-work.ts';
import type { Repository } from '../git/repository.ts';
import { CONFIG_LOCK, type WorktreeOptions } from './lock.ts';
import type { WorktreePlan } from './plan.ts';

/** What undoing left in place, because it may be somebody's work. */
export interface Kept {
  readonly what: 'worktree' | 'branch';
  readonly name: string;
  readonly reason: string;
}

/**
 * Takes back what createWorktree made for this plan, however far it came, also half-made by a git that was killed. Fine
 * to call again, and when nothing was made. Work is never removed: changes in the folder, commits on the branch, and
 * what another program made under these names stay, and are named. git's processes of the operation must have ended.
 */
export async function undoWorktree(repo: Repository, plan: WorktreePlan, options: WorktreeOptions): Promise<Kept[]> {
  const kept = await undoFolder(repo, plan, options.operation);
  if (kept === null) {
    await rmdir(dirname(plan.path)).catch(() => null);
    return plan.createsBranch ? undoBranch(repo, plan, options) : [];
  }
  return plan.createsBranch ? [kept, { what: 'branch', name: plan.branch, reason: 'its worktree stays' }] : [kept];
}

async function undoFolder(repo: Repository, plan: WorktreePlan, operation: string): Promise<Kept | null> {
  const begun = await adminDirsBegun(repo, plan.path, operation);
  const unfinished = begun.some(({ locked }) => locked === initializing(operation));
  const there = await lstat(plan.path).catch(() => null);
  const keep = (reason: string): Kept => ({ what: 'worktree', name: plan.path, reason });
  if (there && begun.length === 0) {
    // Ours to remove only while it is the empty folder that git makes first.
    const empty = there.isDirectory() && (await readdir(plan.path)).length === 0;
    if (!empty) return keep('it is no worktree of this repository');
    await rmdir(plan.path);
  } else if (there) {
    // Until it is unlocked, nobody but git has worked in it.
    const work = unfinished ? null : await ownWork(repo, plan.path, plan);
    if (work !== null) return keep(work);
    await rm(plan.path, { recursive: true, force: true });
  }
  for (const admin of begun) await removeAdminDir(admin);
  return null;
}

async function undoBranch(repo: Repository, plan: WorktreePlan, { operation, lock }: WorktreeOptions): Promise<Kept[]> {
  const { branch, start, upstream } = plan;
  const tip = await localBranch(repo, branch);
  const keep = (reason: string): Kept[] => [{ what: 'branch', name: branch, reason }];
  if (tip !== null) {
    if (!(await createdBranch(repo, branch, operation))) return [];
    if (tip !== start) return keep('it has commits of its own');
    const holder = await branchHolder(repo, branch);
    if (holder !== null) return keep(`it is checked out in ${holder}`);
    if (!(await deleteBranch(repo, branch, tip))) return keep('it has moved');
  }
  if (upstream) await lock(CONFIG_LOCK, () => removeBranchConfig(repo, branch, operation));
  return [];
}
