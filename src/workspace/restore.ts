import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { relocate, takeBranch, unlockAdmin } from '../git/admin.ts';
import { branchHolder, localBranch } from '../git/branches.ts';
import { createBranch } from '../git/claims.ts';
import { setConfig } from '../git/config.ts';
import { git } from '../git/git.ts';
import { branchesInTheWay } from '../git/namesakes.ts';
import type { Repository } from '../git/repository.ts';
import { exit, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import { CONFIG_LOCK, type WorktreeOptions } from './lock.ts';
import { dropEntry, isThere, readEntry, type TrashEntry } from './trash.ts';

export interface RestoreRequest extends WorktreeOptions {
  readonly repo: Repository;
  /** The removal's. */
  readonly id: string;
}

/**
 * Brings a removed worktree back to its place, with index, files, what was in progress, and its branch; one whose folder
 * was gone already gets a fresh checkout. What could stand in the way is checked first; every step can be run again.
 * @throws UserError NOT_IN_TRASH (3), PATH_EXISTS or BRANCH_TAKEN (4).
 */
export async function restoreWorktree(request: RestoreRequest): Promise<TrashEntry> {
  const { repo, id } = request;
  const entry = await readEntry(repo, id);
  if (entry === null) throw gone(id, null);
  const { place } = entry;
  if (place !== null) await requirePlace(entry, place);
  else if (entry.branch === null || entry.tip === null) throw gone(id, entry);
  const wanted = branchesOf(entry);
  for (const { name, oid, isHead } of wanted) await requireBranch(repo, entry, name, oid, isHead);
  for (const { name, oid } of wanted) {
    if ((await localBranch(repo, name)) === null) {
      await createBranch(repo, name, { oid, name: oid.slice(0, 10) }, request.operation);
    }
  }
  await follow(request, entry);
  if (place === null) await checkOutAgain(repo, entry, request.operation);
  else await putBack(repo, entry, place);
  await dropEntry(repo, entry);
  return entry;
}

async function putBack(repo: Repository, entry: TrashEntry, place: string): Promise<void> {
  if (await isThere(place)) {
    await mkdir(dirname(entry.path), { recursive: true });
    await rename(place, entry.path);
  }
  if (entry.admin === null) return;
  await relocate(entry.admin, entry.path);
  await takeBranch(repo, entry.admin, entry.onBranch);
  await unlockAdmin(entry.admin);
}

/** The folder was gone before the removal: its branch gets a new one in its place. */
async function checkOutAgain(repo: Repository, entry: TrashEntry, operation: string): Promise<void> {
  const { branch, path } = entry;
  if (branch === null || (await branchHolder(repo, branch)) === path) return;
  if (entry.admin !== null) await rm(entry.admin, { recursive: true, force: true });
  await git(repo.root, { operation }).run(['worktree', 'add', '--quiet', '--', path, branch]);
}

/** The branches that must be there again: the agent's own, and the one that was checked out. */
function branchesOf(entry: TrashEntry): { name: string; oid: string; isHead: boolean }[] {
  if (entry.place === null && entry.branch !== null && entry.tip !== null) {
    return [{ name: entry.branch, oid: entry.tip, isHead: true }];
  }
  const all = [];
  if (entry.onBranch !== null && entry.head !== null) all.push({ name: entry.onBranch, oid: entry.head, isHead: true });
  if (entry.branch !== null && entry.tip !== null && entry.branch !== entry.onBranch) {
    all.push({ name: entry.branch, oid: entry.tip, isHead: false });
  }
  return all;
}

async function requirePlace(entry: TrashEntry, place: string): Promise<void> {
  const [there, aside] = await Promise.all([isThere(entry.path), isThere(place)]);
  if (!aside && !there) throw gone(entry.id, entry);
  if (!aside || !there) return;
  throw new UserError({
    code: 'PATH_EXISTS',
    exit: exit.refused,
    message: `The worktree can't go back to ${entry.path}: something is there again.`,
    hint: null,
    details: { path: entry.path, trash: place },
  });
}

/** The checked out branch must be where it was: index and files are changes against that commit. */
async function requireBranch(
  repo: Repository,
  entry: TrashEntry,
  name: string,
  oid: string,
  isHead: boolean,
): Promise<void> {
  const tip = await localBranch(repo, name);
  if (tip === null) {
    const [obstacle] = await branchesInTheWay(repo, name);
    if (obstacle === undefined) return;
    throw taken(entry, name, `can't be made beside '${obstacle}'`);
  }
  if (!isHead) return;
  if (tip !== oid)
    throw taken(entry, name, `points to ${tip.slice(0, 10)} now, not to ${oid.slice(0, 10)} as when it was removed`);
  const holder = await branchHolder(repo, name);
  if (holder !== null && holder !== entry.path) throw taken(entry, name, `is checked out in ${holder}`);
}

async function follow({ repo, operation, lock }: RestoreRequest, { branch, upstream }: TrashEntry): Promise<void> {
  if (branch === null || upstream === null) return;
  await lock(CONFIG_LOCK, async () => {
    await setConfig(repo, `branch.${branch}.remote`, upstream.remote, operation);
    await setConfig(repo, `branch.${branch}.merge`, upstream.merge, operation);
  });
}

function taken(entry: TrashEntry, branch: string, why: string): UserError {
  return new UserError({
    code: 'BRANCH_TAKEN',
    exit: exit.refused,
    message: `The worktree can't be restored: its branch '${branch}' ${why}. Its files are in ${entry.place}.`,
    hint: entry.head === null ? null : `git branch ${shellWord(`${branch}-restored`)} ${entry.head}`,
    details: { branch, trash: entry.place, head: entry.head },
  });
}

function gone(id: string, entry: TrashEntry | null): UserError {
  return new UserError({
    code: 'NOT_IN_TRASH',
    exit: exit.notFound,
    message: entry
      ? `The removed worktree is not in ${entry.place} any more.`
      : `Nothing that was removed has the id '${id}'.`,
    hint: entry?.branch && entry.tip ? `git branch ${shellWord(entry.branch)} ${entry.tip}` : null,
    details: { id },
  });
}
