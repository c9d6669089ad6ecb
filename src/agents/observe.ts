import { hasForeground, terminalState } from '../process/terminal.ts';
import type { AgentRow } from '../store/schema.ts';
import type { PaneFacts, PaneSnapshot } from '../tmux/panes.ts';
import { agentCli } from './clis/index.ts';
import type { AgentCli } from './clis/types.ts';
import { newestEvents } from './events.ts';
import { isRunning } from './life/stop.ts';
import { allAgents, noteStatus, optionsOf } from './records.ts';
import { type Look, parseScreen, type Screen } from './screen.ts';
import { type Session, spoolOf } from './session.ts';
import { type FoldedStatus, foldStatus, type HookEvidence } from './status.ts';

/** What is to be seen of one agent right now. */
export interface Observation {
  readonly row: AgentRow;
  /** Its pane; null when it has no window. */
  readonly pane: PaneFacts | null;
  readonly screen: Screen | null;
  readonly look: Look | null;
}

/**
 * Looks at every given agent, as the store has it now, with two calls to tmux, and keeps what was seen as their status.
 * Agents that were removed meanwhile are left out.
 */
export async function observe(session: Session, rows?: readonly AgentRow[]): Promise<Observation[]> {
  const there = await allAgents(session.db);
  const agents = rows === undefined ? there : rows.flatMap(({ id }) => there.find((row) => row.id === id) ?? []);
  const byAgent = await panesOf(session, agents);
  const shots = await session.tmux.snapshot(agents.flatMap(({ id }) => byAgent.get(id)?.pane ?? []));
  return Promise.all(agents.map((row) => observeOne(session, row, byAgent.get(row.id) ?? null, shots)));
}

/** The agents' own panes by their ids: found by their marks, since a restarted server gives old ids to strangers. */
export async function panesOf(session: Session, rows: readonly AgentRow[]): Promise<Map<string, PaneFacts>> {
  const panes = rows.some(({ tmux_window }) => tmux_window !== null) ? await session.tmux.listAgentPanes() : [];
  return new Map(panes.filter(({ agentId }) => agentId !== '').map((pane) => [pane.agentId, pane]));
}

async function observeOne(
  session: Session,
  row: AgentRow,
  pane: PaneFacts | null,
  shots: ReadonlyMap<string, PaneSnapshot>,
): Promise<Observation> {
  const shot = pane === null ? undefined : shots.get(pane.pane);
  const cli = agentCli(row.cli, session.config);
  const screen = shot === undefined ? null : await screenOf(shot, cli);
  const look = screen === null || shot?.dead === true ? null : cli.look(screen);
  const next = await statusOf(session, row, shot ?? pane, look);
  return { row: next === null ? row : await noteStatus(session.db, row, next), pane: shot ?? pane, screen, look };
}

/** The screen with what only the terminal knows: whether the agent has it, and where the CLI asks for it, how it reads. */
async function screenOf(shot: PaneSnapshot, cli: AgentCli): Promise<Screen> {
  if (shot.dead) return parseScreen(shot.text, shot);
  if (cli.asksTerminal !== true)
    return parseScreen(shot.text, { ...shot, foregroundIsAgent: await hasForeground(shot.pid) });
  return parseScreen(shot.text, { ...shot, ...(await terminalState(shot.tty, shot.pid)) });
}

/** Null: nothing that can be seen changes it (paused, or its window was never opened). */
async function statusOf(
  session: Session,
  row: AgentRow,
  pane: PaneFacts | null,
  look: Look | null,
): Promise<FoldedStatus | null> {
  if (row.status === 'paused' || row.pid === null) return null;
  // Ended by swarm: what its window shows of that is no news.
  if (row.source === 'swarm' && row.status === 'exited' && pane?.dead !== false) return null;
  if (pane === null) return windowless(row);
  return foldStatus({
    process: { dead: pane.dead, exitStatus: pane.deadStatus, signal: pane.deadSignal },
    hook: await lastHook(session, row),
    look,
    previous: { status: row.status as FoldedStatus['status'], reason: row.reason },
    now: Date.now(),
    startedAt: Date.parse(optionsOf(row).startedAt ?? row.created_at),
    lastChangeAt: pane.activity,
    idleTimeoutMs: session.config.limits.idleTimeout,
  });
}

async function windowless(row: AgentRow): Promise<FoldedStatus> {
  if (await isRunning(row))
    return { status: 'unknown', reason: `its window is gone, its process ${row.pid} lives`, source: 'process' };
  return { status: 'exited', reason: 'its window is gone, and its process with it', source: 'process' };
}

/** The newest event of the agent's own hooks, since its process was started, that says something about its state. */
async function lastHook(session: Session, row: AgentRow): Promise<HookEvidence | null> {
  const cli = agentCli(row.cli, session.config);
  const since = optionsOf(row).startedAt ?? row.created_at;
  for await (const { event, at, payload } of newestEvents(spoolOf(session.repo, row), since)) {
    const told = cli.events(event, payload);
    if (told !== null && told.state !== null) return { event: told.detail, at: Date.parse(at), state: told.state };
  }
  return null;
}
