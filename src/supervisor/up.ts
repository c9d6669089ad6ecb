import type { Session } from '../agents/session.ts';
import { approveSpawn } from '../agents/spawn/approve.ts';
import { PLAIN_SPAWN, type SpawnDoor } from '../agents/spawn/request.ts';
import { UserError } from '../lib/errors.ts';
import type { LockHolder } from '../process/file-lock.ts';
import { reapStranded } from './reap.ts';
import { type RestoreResult, restoreLost } from './restore.ts';
import { runSupervisor } from './run.ts';
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
  await decideOnWorkers(session, options.workers, door);
  const { holder, started } = await startSupervisor(session);
  const workers = await workersWanted(session.db);
  return { ...result, workers, supervisor: { pid: holder.pid, since: holder.since, started } };
}

/** Keeps watch in this process until the signal comes. `workers`: see {@link bringUp}. @throws UserError exit 4 when another one does. */
export async function keepWatch(
  session: Session,
  { workers, door }: { readonly workers: boolean | null; readonly door: SpawnDoor },
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<void> {
  await decideOnWorkers(session, workers, door);
  await runSupervisor(session, signal, tell);
}

/** Whether agents are added for tasks; null leaves it as it is. */
async function decideOnWorkers(session: Session, workers: boolean | null, door: SpawnDoor): Promise<void> {
  if (workers !== null) await wantWorkers(session.db, workers);
  if (workers === true) await askForWorkers(session, door);
}

/** The supervisor can ask nobody: consent to what runs in a new agent's worktree is best given now. */
async function askForWorkers(session: Session, { ask, tell }: SpawnDoor): Promise<void> {
  const request = { ...PLAIN_SPAWN, tickets: [], crew: [{ cli: session.config.agent, count: 1 }] };
  try {
    await approveSpawn(session, request, { yes: false, ask });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tell(`no agent can be added before this is approved (swarm trust): ${error.message}`);
  }
}
