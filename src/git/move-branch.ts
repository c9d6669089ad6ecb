import { exit, messageOf, UserError } from '../lib/errors.ts';
import { isAncestor } from './ancestor.ts';
import { branchHolders, currentBranch, localBranch } from './branches.ts';
import { git } from './git.ts';
import { inTheWay, newFilesThere } from './in-the-way.ts';
import { operationIn } from './operation.ts';
import { configParameter, PARAMETERS } from './parameters.ts';
import type { Repository } from './repository.ts';
import { undoForward } from './undo-forward.ts';
import { adminDirOf } from './worktrees.ts';

/** Code of the refusal that leaves files of the move in a checkout: a repair takes them back. */
export const HALF_MOVED = 'HALF_MOVED';

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
 * @throws UserError {@link HALF_MOVED} when git failed halfway, and what it had written could not be taken back.
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

/** Whatever the settings (`merge.ff`, `merge.autoStash`) say, it moves or nothing does. */
const FORWARD = ['merge', '--quiet', '--ff-only', '--no-squash', '--commit', '--no-autostash', '--no-overwrite-ignore'];

/**
 * A strategy among the branch's own options would make a merge commit that leaves the work out, and no option takes one
 * back: the last word on the setting is empty.
 */
function withoutMergeOptions(branch: string): string {
  const others = process.env[PARAMETERS];
  const none = configParameter(`branch.${branch}.mergeOptions`, '');
  return others === undefined ? none : `${others} ${none}`;
}

/** git did not even begin: another git has the index. */
const INDEX_TAKEN = /Unable to create '.*index\.lock': File exists/;

async function forwardIn(repo: Repository, worktree: string, move: BranchMove): Promise<Moved> {
  const refused = await refusedIn(repo, worktree, move);
  if (refused !== null) return refused;
  const spared = await newFilesThere(worktree, move);
  if (!(await isStillThere(repo, worktree, move))) return { state: 'raced' };
  const env = { GIT_REFLOG_ACTION: move.reason, [PARAMETERS]: withoutMergeOptions(move.branch) };
  const { stderr } = await git(worktree, { operation: move.operation }).try([...FORWARD, move.to], { env });
  // Not git's word but the branch says it: settings and hooks can have git end well, and badly, for other reasons.
  const now = await localBranch(repo, move.branch);
  if (now !== null && (await isAncestor(repo, move.to, now))) return { state: 'moved' };
  if (!INDEX_TAKEN.test(stderr)) await takeBack(worktree, move, spared);
  if (!(await isStillThere(repo, worktree, move))) return { state: 'raced' };
  return notMoved(worktree, move, stderr.trim() || 'it did not say why');
}

/**
 * Whether the branch is where the move begins, and checked out: one that went back meanwhile would be carried forward over
 * what somebody took out of it, and where another one was checked out, that would move.
 */
async function isStillThere(repo: Repository, worktree: string, { branch, from }: BranchMove): Promise<boolean> {
  return (await localBranch(repo, branch)) === from && (await currentBranch(worktree)) === branch;
}

async function notMoved(worktree: string, move: BranchMove, said: string): Promise<Refused> {
  const left = await inTheWay(worktree, move);
  if (left.length > 0) {
    const reason = `git failed while it moved ${move.branch} in ${worktree} (${said}), and these files there are neither as they were nor as it wrote them`;
    return { state: 'refused', reason, files: left };
  }
  // Ignored files, which no status names: git lists each after a tab.
  const ignored = [...said.matchAll(/^\t(.+)$/gm)].flatMap(([, file]) => file ?? []);
  if (ignored.length > 0) {
    return { state: 'refused', reason: `${worktree} has ignored files where this merge has files`, files: ignored };
  }
  return { state: 'refused', reason: `git would not move ${move.branch} in ${worktree}: ${said}`, files: [] };
}

/** git writes the files and the index before it moves the branch: what it wrote goes when that fails. */
async function takeBack(worktree: string, move: BranchMove, spared: ReadonlySet<string>): Promise<void> {
  const undo = async () => {
    await takeBackElsewhere(worktree, move);
    return (await undoForward(worktree, move.from, move.to, spared)).lock;
  };
  const lock = await undo().catch((error: unknown) => {
    throw halfMoved(worktree, move, messageOf(error));
  });
  if (lock !== null) throw halfMoved(worktree, move, `${lock} is in the way`);
}

function halfMoved(worktree: string, { branch, from, to }: BranchMove, why: string): UserError {
  return new UserError({
    code: HALF_MOVED,
    exit: exit.failed,
    message: `git failed while it moved ${branch} in ${worktree}, and what it had written there could not be taken back: ${why}`,
    hint: 'swarm repair',
    details: { worktree, from, to },
  });
}

/** What was checked out at the very moment has moved instead: HEAD's reflog says so, and where it was. */
async function takeBackElsewhere(worktree: string, { branch, to, reason }: BranchMove): Promise<void> {
  if ((await currentBranch(worktree)) === branch) return;
  const here = git(worktree);
  const show = [
    'reflog',
    'show',
    '--no-show-signature',
    '--no-color',
    '--max-count=2',
    '--format=%H %gs',
    'HEAD',
    '--',
  ];
  const [last = '', before = ''] = (await here.try(show)).stdout.split('\n');
  const [was = ''] = before.split(' ');
  if (!last.startsWith(`${to} ${reason}: `) || was === '') return;
  await here.run(['reset', '--quiet', '--keep', '--no-recurse-submodules', was, '--']);
}
