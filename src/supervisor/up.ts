import type { Session } from '../agents/session.ts';
import type { SpawnDoor } from '../agents/spawn/request.ts';
import type { LockHolder } from '../process/file-lock.ts';
import { reapStranded } from './reap.ts';
import { type RestoreResult, restoreLost } from './restore.ts';
import { want } from './wanted.ts';
import { startSupervisor } from './window.ts';
import { wantWorkers, workersWanted } from './workers.ts';

/** What `swarm up` came to. */
export interface UpResult extends RestoreResult {
  /** Agents are added when there is more work on the board than they can do. */
  readonly workers: boolean;
  readonly supervisor: Pick<LockHolder, 'pid' | 'since'> & { readonly started: boolean };
}

/** Brings back the agents that were lost, and sees to it that a supervisor keeps watch. */
export async function bringUp(
  session: Session,
  options: { readonly yes: boolean; readonly restore: boolean; readonly workers: boolean | null },
  door: SpawnDoor,
): Promise<UpResult> {
  const result = options.restore ? await restoreLost(session, options.yes, door) : { restored: [], failed: [] };
  for (const line of await reapStranded(session)) door.tell(line);
  await want(session.db, true);
  if (options.workers !== null) await wantWorkers(session.db, options.workers);
  const { holder, started } = await startSupervisor(session);
  const workers = await workersWanted(session.db);
  return { ...result, workers, supervisor: { pid: holder.pid, since: holder.since, started } };
}
