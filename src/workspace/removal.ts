import { readFile, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { headOf, keepRef, lockAdmin, releaseBranch, relocate } from '../git/admin.ts';
import { branchHolder, localBranch } from '../git/branches.ts';
import { deleteBranch } from '../git/claims.ts';
import { removeBranchConfig, upstreamOf } from '../git/config.ts';
import type { Repository } from '../git/repository.ts';
import { adminDirOf, listAdminDirs, realOf } from '../git/worktrees.ts';
import { exit, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import { CONFIG_LOCK, type WorktreeOptions } from './lock.ts';
import { isInside } from './place.ts';
import { isThere, moveAside, placeFor, readEntry, refsOf, type TrashEntry, writeEntry } from './trash.ts';

export { restoreWorktree } from './restore.ts';
export { isSetAside, listTrash, sweepTrash } from './trash.ts';

export interface RemovalRequest extends WorktreeOptions {
  readonly repo: Repository;
  /** The removal's own id, by which it is restored; a second call with the same id goes on where the first stopped. */
  readonly id: string;
  readonly worktree: string;
  /** The agent's branch, as recorded: never another one that happens to be checked out there. */
  readonly branch: string | null;
  /** The branch's tip when its losses were read: a branch that has moved since is not deleted. */
  readonly expectedTip: string | null;
  /** Whether the branch goes too: because its work is merged, or because that was asked for. */
  readonly deleteBranch: boolean;
}

export interface Removed {
  readonly id: string;
  /** Where the worktree lies now; null when it was gone before. */
  readonly trash: string | null;
  readonly branch: string | null;
  /** Where the branch pointed. */
  readonly tip: string | null;
  /** `moved`: it got commits since its losses were read, and stays. `in-use`: another worktree has it. `gone`: it was not there. */
  readonly outcome: 'deleted' | 'kept' | 'moved' | 'in-use' | 'gone';
}

/**
 * Sets a linked worktree aside with its index, its uncommitted files and whatever was in progress, so that
 * restoreWorktree brings it back, and frees or deletes its branch. What would be lost is the caller's to judge (lossesOf).
 * Every step can be run again.
 * @throws UserError (4) for a main worktree, a foreign or locked one, and one with others in it.
 */
export async function removeWorktree(request: RemovalRequest): Promise<Removed> {
  const { repo, id, worktree, branch } = request;
  const entry = await setAside(repo, (await readEntry(repo, id)) ?? (await prepare(request)));
  await rmdir(dirname(worktree)).catch(() => null);
  return { id, trash: entry.place, branch, tip: entry.tip, outcome: await finishBranch(request, entry) };
}

async function prepare(request: RemovalRequest): Promise<TrashEntry> {
  const { repo, id, worktree, branch, expectedTip } = request;
  const tip = branch === null ? null : await localBranch(repo, branch);
  const admin = await requireRemovable(repo, worktree);
  const path = await realOf(worktree);
  const head = admin === null ? { branch: null, oid: null } : await headOf(repo, admin);
  const entry: TrashEntry = {
    id,
    path,
    place: (await isThere(path)) ? await placeFor(repo, path, id) : null,
    admin,
    onBranch: head.branch,
    head: head.oid,
    branch,
    tip: tip ?? expectedTip,
    upstream: branch === null ? null : await upstreamOf(repo, branch),
    removedAt: new Date().toISOString(),
  };
  await writeEntry(repo, entry);
  return entry;
}

async function setAside(repo: Repository, entry: TrashEntry): Promise<TrashEntry> {
  const refs = refsOf(entry.id);
  if (entry.head !== null) await keepRef(repo, refs.head, entry.head);
  if (entry.tip !== null) await keepRef(repo, refs.tip, entry.tip);
  if (entry.admin === null) return entry;
  await lockAdmin(entry.admin, `swarm: removed ${entry.id}`);
  await releaseBranch(repo, entry.admin, entry.head, entry.id);
  const settled = await moveAside(repo, entry);
  if (settled.place !== null) await relocate(entry.admin, settled.place);
  return settled;
}

async function finishBranch(request: RemovalRequest, entry: TrashEntry): Promise<Removed['outcome']> {
  const { repo, branch, operation, lock } = request;
  const tip = request.expectedTip ?? entry.tip;
  if (branch === null || tip === null) return 'gone';
  const now = await localBranch(repo, branch);
  if (!request.deleteBranch) return now === null ? 'gone' : 'kept';
  if (now !== null) {
    if ((await branchHolder(repo, branch)) !== null) return 'in-use';
    if (!(await deleteBranch(repo, branch, tip))) return 'moved';
  }
  await lock(CONFIG_LOCK, () => removeBranchConfig(repo, branch, operation));
  return 'deleted';
}

/** git's folder for a worktree that may be removed; null when folder and record are both gone. */
async function requireRemovable(repo: Repository, worktree: string): Promise<string | null> {
  const refuse = (code: string, message: string, hint: string | null) =>
    new UserError({ code, exit: exit.refused, message, hint, details: { worktree } });
  const admin = await adminDirOf(repo, worktree);
  if (admin === repo.commonDir) {
    throw refuse('MAIN_WORKTREE', `${worktree} is the repository's main worktree; it is never removed.`, null);
  }
  const there = await isThere(worktree);
  if (admin === null && !there) return null;
  if (admin === null || (there && !(await belongsTo(worktree, admin)))) {
    const message = `${worktree} is no worktree of this repository, so it is not removed.`;
    throw refuse('NOT_A_WORKTREE', message, `git -C ${shellWord(repo.root)} worktree list`);
  }
  const path = await realOf(worktree);
  const admins = await listAdminDirs(repo);
  const own = admins.find(({ dir }) => dir === admin);
  if (own?.locked !== null && own?.locked !== undefined) {
    const why = own.locked === '' ? 'without a reason' : `(${own.locked})`;
    throw refuse(
      'WORKTREE_LOCKED',
      `${worktree} is locked ${why}.`,
      `git -C ${shellWord(repo.root)} worktree unlock ${shellWord(worktree)}`,
    );
  }
  const inside = admins.find(
    (other) => other.worktree !== null && other.worktree !== path && isInside(path, other.worktree),
  );
  if (inside?.worktree && (await isThere(inside.worktree))) {
    throw refuse('WORKTREE_HOLDS_ANOTHER', `Another worktree lies in ${worktree}: ${inside.worktree}.`, null);
  }
  return admin;
}

/** Whether the folder itself says that it is the worktree of this admin folder. */
async function belongsTo(worktree: string, admin: string): Promise<boolean> {
  const link = await readFile(join(worktree, '.git'), 'utf8').catch(() => '');
  if (!link.startsWith('gitdir: ')) return false;
  return (await realOf(resolve(worktree, link.slice('gitdir: '.length).trim()))) === (await realOf(admin));
}
