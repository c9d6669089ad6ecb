import { branchHolders, localBranch } from './branches.ts';
import { git } from './git.ts';
import { operationIn } from './operation.ts';
import type { Repository } from './repository.ts';
import { readStatus } from './status.ts';
import { adminDirOf } from './worktrees.ts';

/** What came of moving a branch. */
export type Moved =
  | { readonly state: 'moved' }
  /** Somebody else moved it meanwhile: what was made on top of it is of no use. */
  | { readonly state: 'raced' }
  | Refused;

/** It is checked out, and what lies there would be lost. Nothing has moved. */
export interface Refused {
  readonly state: 'refused';
  readonly reason: string;
  readonly files: readonly string[];
}

/** A branch, and the commit that it goes to from the one where it is. */
export interface BranchMove {
  readonly branch: string;
  readonly from: string;
  /** A descendant of `from`. */
  readonly to: string;
  /** For the reflog. */
  readonly reason: string;
  /** The journal's id. */
  readonly operation: string;
}

/**
 * Moves a branch forward, if it still is where it was: by compare-and-swap; where it is checked out by git's own
 * `merge --ff-only` there, which changes no file that somebody else has changed. Refused before anything moves where one is
 * in the way, or where several worktrees have it checked out: all but one would be left with what was there before.
 */
export async function moveBranch(repo: Repository, move: BranchMove): Promise<Moved> {
  const { branch, from, to, reason } = move;
  const holders = await branchHolders(repo, branch);
  if (holders.length > 1) return heldTwice(branch, holders);
  const [holder] = holders;
  if (holder !== undefined) return forwardIn(repo, holder, move);
  const args = ['update-ref', '--create-reflog', '-m', reason, `refs/heads/${branch}`, to, from];
  const { exitCode, stderr } = await git(repo.root, { operation: move.operation }).try(args);
  if (exitCode === 0) return { state: 'moved' };
  if ((await localBranch(repo, branch)) !== from) return { state: 'raced' };
  return { state: 'refused', reason: `git would not move ${branch}: ${stderr.trim()}`, files: [] };
}

/** Why the branch can't be moved as things lie where it is checked out; null when nothing is seen that would stop it. */
export async function refusedMove(repo: Repository, move: BranchMove): Promise<Refused | null> {
  const holders = await branchHolders(repo, move.branch);
  if (holders.length > 1) return heldTwice(move.branch, holders);
  const [holder] = holders;
  return holder === undefined ? null : refusedIn(repo, holder, move);
}

function heldTwice(branch: string, holders: readonly string[]): Refused {
  const reason = `${branch} is checked out in ${holders.join(' and ')}, and only one can move with it`;
  return { state: 'refused', reason, files: [] };
}

async function refusedIn(repo: Repository, worktree: string, move: BranchMove): Promise<Refused | null> {
  const admin = await adminDirOf(repo, worktree);
  const operation = admin === null ? null : await operationIn(admin);
  if (operation !== null) {
    return { state: 'refused', reason: `${worktree} is in the middle of a ${operation}`, files: [] };
  }
  const files = await inTheWay(worktree, move);
  if (files.length === 0) return null;
  return { state: 'refused', reason: `${worktree} has changes in files of this merge`, files };
}

async function forwardIn(repo: Repository, worktree: string, move: BranchMove): Promise<Moved> {
  const refused = await refusedIn(repo, worktree, move);
  if (refused !== null) return refused;
  const here = git(worktree, { operation: move.operation });
  const env = { GIT_REFLOG_ACTION: move.reason };
  // A branch that went back meanwhile would be carried forward over what somebody took out of it.
  if ((await localBranch(repo, move.branch)) !== move.from) return { state: 'raced' };
  const args = ['merge', '--quiet', '--ff-only', '--no-autostash', '--no-overwrite-ignore', move.to];
  const { exitCode, stderr } = await here.try(args, { env });
  if (exitCode === 0) return { state: 'moved' };
  if ((await localBranch(repo, move.branch)) !== move.from) return { state: 'raced' };
  // Ignored files, which no status names: git lists each after a tab.
  const ignored = [...stderr.matchAll(/^\t(.+)$/gm)].flatMap(([, file]) => file ?? []);
  if (ignored.length > 0) {
    return { state: 'refused', reason: `${worktree} has ignored files where this merge has files`, files: ignored };
  }
  return { state: 'refused', reason: `git would not move ${move.branch} in ${worktree}: ${stderr.trim()}`, files: [] };
}

/** Files there that hold something uncommitted and that the move would write. */
async function inTheWay(worktree: string, { from, to }: BranchMove): Promise<string[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to];
  const [changes, { changed, untracked }] = await Promise.all([git(worktree).run(args), readStatus(worktree)]);
  const written = new Set(changes.split('\0').filter((path) => path !== ''));
  const own = [...changed.map(({ path }) => path), ...untracked];
  const meets = (path: string) =>
    written.has(path) || [...written].some((one) => one.startsWith(`${path}/`) || path.startsWith(`${one}/`));
  return own.filter(meets);
}
