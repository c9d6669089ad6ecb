import { connected } from '../agents/connection.ts';
import { hasCrashed } from '../agents/life/crash.ts';
import { type MassDeath, restartsPaused, resumeRestarts } from '../agents/life/mass-death.ts';
import { type Revived, restartAgent, resumeAgent } from '../agents/life/revive.ts';
import { isRunning } from '../agents/life/stop.ts';
import { observe } from '../agents/observe.ts';
import { recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import type { SpawnDoor } from '../agents/spawn/request.ts';
import { endedItself } from '../agents/status.ts';
import { tmuxSession, WINDOW_LEASE } from '../agents/tmux-session.ts';
import { messageOf } from '../lib/errors.ts';
import { settleAll } from '../lib/parallel.ts';
import { poll } from '../lib/poll.ts';
import { hasTerminal } from '../process/terminal.ts';
import { withLease } from '../store/leases.ts';
import type { AgentRow } from '../store/schema.ts';

/** Agents started at a time: each costs an agent CLI's start. */
const LANES = 4;
/** Milliseconds that another `swarm up` gets to bring them back. */
const PATIENCE = 60_000;
/** Milliseconds that a tmux server which was told to end may take to let go of its terminals. */
const HANG_UP = 2000;

export interface Restored {
  readonly agent: string;
  /** Its conversation came back with it. */
  readonly resumed: boolean;
}

export interface RestoreResult {
  readonly restored: readonly Restored[];
  readonly failed: readonly { readonly agent: string; readonly reason: string }[];
}

/**
 * Brings back every agent that lost its window without anybody wanting that: after the tmux server's death, or a reboot.
 * Those that were paused, stopped or that ended by themselves stay as they are. Agents that died together come back, too,
 * and from then on crashed ones are started again.
 */
export function restoreLost(session: Session, yes: boolean, door: SpawnDoor): Promise<RestoreResult> {
  return withLease(session.db, 'restore-lost', PATIENCE, () => restore(session, yes, door));
}

async function restore(session: Session, yes: boolean, door: SpawnDoor): Promise<RestoreResult> {
  const death = await restartsPaused(session.db);
  const lost = await lostAgents(session, death);
  const results = await reviveAll(session, lost, yes, door);
  const restored: Restored[] = [];
  const failed: { agent: string; reason: string }[] = [];
  for (const [index, result] of results.entries()) {
    const agent = lost[index]?.name ?? '';
    if (result.status === 'fulfilled') restored.push({ agent, resumed: result.value.resumed });
    else failed.push({ agent, reason: messageOf(result.reason) });
  }
  if (death !== null) await resumeRestarts(session.db);
  if (lost.length > 0) await recordEvent(session.db, null, 'restored', { restored, failed });
  return { restored, failed };
}

/** Over one connection to tmux: several processes for each agent would cost more than all else. */
async function reviveAll(
  session: Session,
  lost: readonly AgentRow[],
  yes: boolean,
  door: SpawnDoor,
): Promise<PromiseSettledResult<Revived>[]> {
  if (lost.length === 0) return [];
  await withLease(session.db, 'window', WINDOW_LEASE, () => tmuxSession(session));
  const connection = connected(session);
  const how = { again: false, timeout: 0, yes };
  const revive = async (row: AgentRow) =>
    // One that outlived its window is ended first.
    (await isRunning(row))
      ? restartAgent(connection.session, row, { ...how, afterLoss: true }, door)
      : resumeAgent(connection.session, row, how, door);
  return settleAll(lost, LANES, revive).finally(connection.close);
}

/** `death`: of those that died together, and were not started again for that. */
async function lostAgents(session: Session, death: MassDeath | null): Promise<AgentRow[]> {
  const seen = await observe(session);
  const lost = await Promise.all(
    seen.map(async ({ row, pane }) => {
      if (death !== null && isOf(death, row)) return true;
      const meant = row.status === 'paused' || row.source === 'swarm' || row.pid === null || endedItself(row);
      return pane === null && !meant && (await isOutOfReach(row));
    }),
  );
  return seen.filter((_, index) => lost[index]).map(({ row }) => row);
}

/** Whether it died with the others, or later, when nobody was started again any more. */
function isOf({ ids, at }: MassDeath, row: AgentRow): boolean {
  return hasCrashed(row) && (ids.includes(row.id) || row.since >= at);
}

/**
 * Whether it has ended or, where it outlives its window (some agent CLIs do, for a moment or for good), has no terminal
 * any more. One that keeps its terminal has its window on another tmux server.
 */
async function isOutOfReach(row: AgentRow): Promise<boolean> {
  const out = async () => (row.pid === null || !(await isRunning(row)) || !(await hasTerminal(row.pid)) ? true : null);
  return (await poll(out, { timeout: HANG_UP })) === true;
}
