import { currentStart } from '../../git/branches.ts';
import type { AgentRow } from '../../store/schema.ts';
import { requireWorktree } from '../ground.ts';
import type { Session } from '../session.ts';
import { PLAIN_SPAWN, type SpawnDoor, type SpawnRequest, type SpawnResult } from '../spawn/request.ts';
import { spawnAgents } from '../spawn/spawn.ts';

export type ForkOptions = Pick<SpawnRequest, 'prompt' | 'name' | 'yes' | 'timeout' | 'wait'>;

/** A new agent on a new branch from where another one is, its uncommitted work included. The other one goes on untouched. */
export async function forkAgent(
  session: Session,
  row: AgentRow,
  ticket: string,
  options: ForkOptions,
  door: SpawnDoor,
): Promise<SpawnResult> {
  const worktree = requireWorktree(row);
  const request: SpawnRequest = {
    ...PLAIN_SPAWN,
    ...options,
    tickets: [ticket],
    crew: [{ cli: row.cli, count: 1 }],
    model: row.model,
    // It may have checked out another branch, or none: its changes fit what it has.
    base: (await currentStart(worktree)) ?? row.branch,
    changesFrom: worktree,
    args: JSON.parse(row.args),
  };
  return spawnAgents(session, request, door);
}
