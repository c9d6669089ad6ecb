import { livingOperations } from '../../store/recorded.ts';
import type { AgentRow, RemovedRow } from '../../store/schema.ts';
import type { WorktreePlan } from '../../workspace/worktree.ts';
import type { Session } from '../session.ts';

/** What living swarms are making, changing or taking away right now: a repair leaves it alone. */
export interface Busy {
  /** Ids of agents. */
  readonly agents: ReadonlySet<string>;
  readonly worktrees: ReadonlySet<string>;
}

export async function busyNow(session: Session): Promise<Busy> {
  const operations = await livingOperations(session.db);
  const worktrees = operations.flatMap(({ data }) => {
    const plan = data['plan'] as WorktreePlan | undefined;
    const row = data['row'] as AgentRow | undefined;
    const removed = data['removed'] as RemovedRow | undefined;
    const before = removed === undefined ? undefined : (JSON.parse(removed.agent) as AgentRow);
    // A merge's worktree of a moment, in which its gate may run for long.
    const scratch = data['scratch'] as string | undefined;
    return [plan?.path, row?.worktree, before?.worktree, scratch].flatMap((path) => path ?? []);
  });
  return { agents: new Set(operations.flatMap(({ agentId }) => agentId ?? [])), worktrees: new Set(worktrees) };
}
