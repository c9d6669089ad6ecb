import { localBranch } from '../../git/branches.ts';
import { removeScratchWorktree } from '../../git/merge-commit.ts';
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
  const { agent, into, scratch, to } = recorded.data as Readonly<Record<string, string | undefined>>;
  if (scratch !== undefined) await removeScratchWorktree(session.repo, scratch);
  const moved = to !== undefined && into !== undefined && (await localBranch(session.repo, into)) === to;
  await operation.finish(moved ? 'done' : 'undone');
  return moved
    ? `${agent} is merged into ${into}; what follows a merge was not done: swarm rm ${agent}`
    : `nothing was merged into ${into}: swarm merge ${agent}`;
}
