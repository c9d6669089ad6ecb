import { lstat } from 'node:fs/promises';
import { currentBranch, defaultBranch, localBranch } from './branches.ts';
import { unpushedIn } from './embedded.ts';
import { git } from './git.ts';
import { type Commit, looseCommits, unmergedCommits } from './merged.ts';
import { type GitOperation, heldBranch, operationIn } from './operation.ts';
import type { Repository } from './repository.ts';
import { sameAsMain } from './same.ts';
import { readStatus, type StatusEntry } from './status.ts';
import { adminDirOf, listAdminDirs } from './worktrees.ts';

/** What removing an agent's worktree and branch would lose, each kind for itself. Ignored files never count. */
export interface Losses {
  /** Tracked files with changes that no commit has. */
  readonly dirty: readonly string[];
  /** Files that git does not track, but for copies of and links to the main worktree's. */
  readonly untracked: readonly string[];
  /** Commits of the branch that are in no target and no remote branch, squashed and rebased ones found by content. */
  readonly unmerged: readonly Commit[];
  /** The branch that is checked out there in place of the agent's own. */
  readonly otherBranch: string | null;
  /** Commits of a detached HEAD that nothing else names. */
  readonly detached: readonly Commit[];
  readonly operation: GitOperation | null;
  /** Reason of somebody's lock on the worktree ('' without one); null when it isn't locked. */
  readonly locked: string | null;
  /** Submodules with changes or commits of their own. */
  readonly submodules: readonly string[];
  /** Submodules and other repositories in there with commits that no remote has. */
  readonly unpushed: readonly string[];
  /** The branch's tip when this was read: for removeWorktree, which refuses when it has moved since. */
  readonly tip: string | null;
}

export interface LossesRequest {
  readonly repo: Repository;
  /** Null: the agent has none any more. */
  readonly worktree: string | null;
  /** The branch that is recorded for the agent. */
  readonly branch: string | null;
  /** Where its work may have gone: its base, the merge target. The default branch always counts. */
  readonly targets: readonly (string | null)[];
}

/** Reads what would be lost. Writes nothing to the repository. A worktree that is gone has nothing to lose. */
export async function lossesOf(request: LossesRequest): Promise<Losses> {
  const { repo, branch } = request;
  const tip = branch === null ? null : await localBranch(repo, branch);
  const [unmerged, ground] = await Promise.all([
    tip === null ? [] : unmergedCommits(repo, tip, await targetsOf(request)),
    groundLosses(repo, request.worktree, branch),
  ]);
  return { ...ground, unmerged, tip };
}

type GroundLosses = Omit<Losses, 'unmerged' | 'tip'>;

async function groundLosses(repo: Repository, worktree: string | null, branch: string | null): Promise<GroundLosses> {
  const nothing = {
    dirty: [],
    untracked: [],
    otherBranch: null,
    detached: [],
    operation: null,
    locked: null,
    submodules: [],
    unpushed: [],
  };
  if (worktree === null || !(await lstat(worktree).catch(() => null))) return nothing;
  const admin = await adminDirOf(repo, worktree);
  if (admin === null) return nothing;
  const [status, operation, checkedOut, admins, unpushed] = await Promise.all([
    readStatus(worktree),
    operationIn(admin),
    currentBranch(worktree),
    listAdminDirs(repo),
    unpushedIn(worktree),
  ]);
  const copies = await Promise.all(status.untracked.map((path) => sameAsMain(repo, worktree, path)));
  const own = checkedOut ?? (await heldBranch(admin));
  return {
    dirty: status.changed.filter((entry) => !onlyInside(entry)).map(({ path }) => path),
    untracked: status.untracked.filter((_, index) => !copies[index]),
    otherBranch: own === branch ? null : own,
    detached: checkedOut === null && status.head !== null ? await looseCommits(repo, status.head) : [],
    operation,
    locked: admins.find(({ dir }) => dir === admin)?.locked ?? null,
    submodules: status.changed.filter(({ submodule }) => submodule !== null).map(({ path }) => path),
    unpushed,
  };
}

/** A submodule whose recorded commit is still right: what it has is listed as the submodule's. */
function onlyInside({ submodule, code }: StatusEntry): boolean {
  return submodule !== null && !submodule.commits && code.startsWith('.');
}

async function targetsOf({ repo, branch, targets }: LossesRequest): Promise<string[]> {
  const names = new Set([...targets, await defaultBranch(repo)].filter((name) => name !== null && name !== branch));
  const oids = await Promise.all(
    [...names].map(async (name) => {
      const { exitCode, stdout } = await git(repo.root).try([
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        `${name}^{commit}`,
      ]);
      return exitCode === 0 ? [stdout.trim()] : [];
    }),
  );
  return [...new Set(oids.flat())];
}
