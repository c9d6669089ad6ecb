import { branchHolder, localBranch } from '../../git/branches.ts';
import { removeScratchWorktree } from '../../git/merge-commit.ts';
import { undoForward } from '../../git/undo-forward.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { shellWord } from '../../lib/text.ts';
import type { Operation, RecordedOperation } from '../../store/journal.ts';
import type { Session } from '../session.ts';

/**
 * A merge has one turn, the move of its target, and git makes that in one step: either nothing has happened, or the work
 * is home and what follows (its task, hooks, the removal) is for a person to ask for.
 */
export async function settleMerge(
  session: Session,
  recorded: RecordedOperation,
  operation: Operation,
): Promise<string> {
  const { agent, into = '', scratch, from, to } = recorded.data as Readonly<Record<string, string | undefined>>;
  if (scratch !== undefined) await removeScratchWorktree(session.repo, scratch, recorded.id);
  const now = await localBranch(session.repo, into);
  const moved = to !== undefined && now === to;
  const half = !moved && now === from && to !== undefined && from !== undefined && recorded.steps.has('move');
  const undone = half ? await undoHalf(session, into, from, to) : '';
  await operation.finish(moved ? 'done' : 'undone');
  return moved
    ? `${agent} is merged into ${into}; what follows a merge was not done: swarm rm ${agent}`
    : `nothing was merged into ${into}${undone}: swarm merge ${agent}`;
}

/** The target's checkout may hold files of the merge already. */
async function undoHalf({ repo }: Session, into: string, from: string, to: string): Promise<string> {
  const holder = await branchHolder(repo, into);
  if (holder === null) return '';
  const { restored, lock } = await undoForward(holder, from, to);
  if (lock === null) return restored.length === 0 ? '' : `, and ${restored.length} files there are as they were`;
  throw new UserError({
    code: 'INDEX_LOCKED',
    exit: exit.refused,
    message: `git was killed while it moved ${into} in ${holder}, and its lock is still there`,
    hint: `if no git runs there: rm ${shellWord(lock)}; swarm repair`,
  });
}
