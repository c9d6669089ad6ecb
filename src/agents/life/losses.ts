import { type Losses, lossesOf } from '../../git/losses.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { mergeTargets } from '../../store/recorded.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { Session } from '../session.ts';

/** Which losses the person has agreed to. */
export interface Agreed {
  /** `--force`: what lies in the worktree and in no commit. */
  readonly force: boolean;
  /** `--delete-branch`: commits that are in no other branch. */
  readonly deleteBranch: boolean;
  /** A commit that is known to be merged where this repository can't see it (a pull request): with it, nothing is lost. */
  readonly mergedTip?: string | null;
}

/** Names shown of each kind of loss. */
const SHOWN = 5;

/** What removing the agent would lose, read now. */
export async function agentLosses(session: Session, row: AgentRow): Promise<Losses> {
  const targets = [row.base, session.config.merge.into, ...(await mergeTargets(session.db, row.id))];
  return lossesOf({ repo: session.repo, worktree: row.worktree, branch: row.branch, targets });
}

/**
 * Refuses a removal that would lose work nobody agreed to lose, naming each piece and the flag for its kind.
 * A branch that swarm did not make stays, so its commits are not at stake.
 */
export function refuseLosses(row: AgentRow, losses: Losses, agreed: Agreed): void {
  const inWorktree = agreed.force ? [] : worktreeLosses(losses);
  const commits = agreed.deleteBranch ? [] : commitLosses(row, losses, agreed.mergedTip ?? null);
  const locked =
    losses.locked === null ? [] : [`the worktree is locked${losses.locked === '' ? '' : `: ${losses.locked}`}`];
  const all = [...locked, ...inWorktree, ...commits];
  if (all.length === 0) return;
  // With what was agreed to already: typed as it stands, the hint must lead on and not back.
  const force = agreed.force || inWorktree.length > 0 ? ['--force'] : [];
  const deleteBranch = agreed.deleteBranch || commits.length > 0 ? ['--delete-branch'] : [];
  const unlock = `git worktree unlock '${row.worktree}'`;
  throw new UserError({
    code: inWorktree.length > 0 ? 'DIRTY_WORKTREE' : commits.length > 0 ? 'UNMERGED_COMMITS' : 'WORKTREE_LOCKED',
    exit: exit.refused,
    message: `Removing ${row.name} would lose work:\n${all.map((line) => `  ${line}`).join('\n')}`,
    hint: locked.length > 0 ? unlock : ['swarm rm', row.name, ...force, ...deleteBranch].join(' '),
    details: { agent: row.name, ...losses },
  });
}

function worktreeLosses(losses: Losses): string[] {
  return [
    ...named('changed', losses.dirty),
    ...named('untracked', losses.untracked),
    ...named('changed submodule', losses.submodules),
    ...named('repository with commits that are nowhere else', losses.unpushed),
    ...(losses.operation === null ? [] : [`a ${losses.operation} is in progress`]),
    ...(losses.otherBranch === null ? [] : [`another branch is checked out there: ${losses.otherBranch}`]),
  ];
}

function commitLosses(row: AgentRow, losses: Losses, mergedTip: string | null): string[] {
  const subject = ({ oid, subject: text }: { oid: string; subject: string }) => `${oid.slice(0, 9)} ${text}`;
  const atStake = row.branch_created === 1 && (mergedTip === null || losses.tip !== mergedTip);
  const unmerged = atStake ? losses.unmerged : [];
  return [
    ...named(`commit only on ${row.branch}`, unmerged.map(subject)),
    ...named('commit on no branch', losses.detached.map(subject)),
  ];
}

function named(what: string, items: readonly string[]): string[] {
  const more = items.length - SHOWN;
  const shown = items.slice(0, SHOWN).map((item) => `${what}: ${item}`);
  return more > 0 ? [...shown, `${what}: and ${more} more`] : shown;
}
