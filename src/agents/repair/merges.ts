import { isAncestor } from '../../git/ancestor.ts';
import { branchHolder, localBranch } from '../../git/branches.ts';
import { removeScratchWorktree } from '../../git/merge-commit.ts';
import { locksOf, undoForward } from '../../git/undo-forward.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { shellWord } from '../../lib/text.ts';
import type { Operation, RecordedOperation } from '../../store/journal.ts';
import { approveCommands } from '../consent.ts';
import { AFTER_MERGE, afterMerge } from '../life/aftermath.ts';
import { recordEvent } from '../records.ts';
import type { Session } from '../session.ts';

/** A merge, as its journal has it. */
interface Recorded {
  readonly into?: string;
  readonly scratch?: string;
  readonly tip?: string;
  readonly strategy?: string;
  readonly keep?: boolean;
  readonly tasks?: readonly string[];
  /** Where the target was, and where it was to go; not there before the gate. */
  readonly from?: string;
  readonly to?: string;
}

/**
 * A merge has one turn, the move of its target, and git makes that in one step: either nothing has happened, or the work
 * is home. Then what follows a merge goes on where it stopped, whoever has moved the target further meanwhile.
 */
export async function settleMerge(
  session: Session,
  recorded: RecordedOperation,
  operation: Operation,
  agent: string,
): Promise<string> {
  const { into = '', scratch, from, to } = recorded.data as Recorded;
  if (scratch !== undefined) await removeScratchWorktree(session.repo, scratch, recorded.id);
  const now = await localBranch(session.repo, into);
  const move = recorded.steps.get('move');
  const begun = move?.state === 'begun';
  if (move !== undefined && now !== null && to !== undefined && (await isAncestor(session.repo, to, now))) {
    if (begun) await requireUnlocked(session, into);
    return finishMerge(session, recorded, operation, { agent, into, commit: to });
  }
  const half = begun && now !== null && to !== undefined && from !== undefined;
  const undone = half ? await undoHalf(session, into, from, to) : '';
  if (begun) await requireUnlocked(session, into);
  await operation.finish('undone');
  return `nothing was merged into ${into}${undone}: swarm merge ${agent}`;
}

async function finishMerge(
  session: Session,
  recorded: RecordedOperation,
  operation: Operation,
  { agent, into, commit }: { readonly agent: string; readonly into: string; readonly commit: string },
): Promise<string> {
  const { tip = null, strategy = null, keep = true, tasks = [] } = recorded.data as Recorded;
  const gate = recorded.steps.get('gate')?.data as { readonly log?: string } | null | undefined;
  const moved = { agent, into, strategy, state: 'merged', commit, files: [], log: gate?.log ?? null, reason: null };
  // Before any of it the merge itself may not have come into the history.
  if (!recorded.steps.has('task')) await recordEvent(session.db, agent, 'merge', { ...moved, tip });
  const landed = { into, commit, tip, keep, tasks };
  const door = {
    approve: () => approveCommands(session, AFTER_MERGE, { yes: false, ask: null }),
    tell: () => {},
  };
  const who = { id: recorded.agentId ?? '', name: agent };
  const { removed, notes } = await afterMerge(session, who, landed, door, operation, recorded.steps);
  await operation.note({ result: { ...moved, removed, notes } });
  await operation.finish('done');
  const what = `${agent} is merged into ${into}${removed ? ', and removed' : ''}`;
  return [what, ...notes].join('; ');
}

/** The target's checkout may hold files of the merge already. */
async function undoHalf({ repo }: Session, into: string, from: string, to: string): Promise<string> {
  const holder = await branchHolder(repo, into);
  if (holder === null) return '';
  const { restored } = await undoForward(holder, from, to);
  return restored.length === 0 ? '' : `, and ${restored.length} files there are as they were`;
}

/** A git that was killed leaves its locks, and whoever looks can't tell them from those of a git of the user's that runs. */
async function requireUnlocked({ repo }: Session, into: string): Promise<void> {
  const holder = await branchHolder(repo, into);
  const locks = await locksOf(repo.root, into, holder);
  if (locks.length === 0) return;
  const its = locks.length === 1 ? 'its lock is' : 'its locks are';
  throw new UserError({
    code: 'INDEX_LOCKED',
    exit: exit.refused,
    message: `git was killed while it moved ${into} in ${holder ?? repo.root}, and ${its} still there`,
    hint: `if no git runs there: rm ${locks.map(shellWord).join(' ')}; swarm repair`,
  });
}
