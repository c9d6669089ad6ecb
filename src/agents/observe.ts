import { setTimeout as delay } from 'node:timers/promises';
import { hasForeground, terminalState } from '../process/terminal.ts';
import { interruptedOperations } from '../store/recorded.ts';
import type { AgentRow } from '../store/schema.ts';
import type { PaneFacts, PaneSnapshot } from '../tmux/panes.ts';
import { readAsked } from './asked.ts';
import { agentCliToSee } from './clis/index.ts';
import type { AgentCli } from './clis/types.ts';
import { newestEvents } from './events.ts';
import { type BoardEvidence, type Evidence, type FoldedStatus, type HookEvidence, SHELF } from './evidence.ts';
import { isBeingEnded } from './life/ending.ts';
import { isRunning } from './life/stop.ts';
import { mcpEvidence } from './mcp-evidence.ts';
import { Memory } from './memory.ts';
import { boardEvidence } from './on-board.ts';
import type { Asked } from './question.ts';
import { allAgents, noteStatus, noteTask, startOf } from './records.ts';
import { type Look, parseScreen, type Screen } from './screen.ts';
import { type Session, spoolOf } from './session.ts';
import { foldStatus } from './status.ts';
import { isConfirmed, isShaky, shownSince } from './steady.ts';
import type { AgentStatus } from './types.ts';
import { settleArguments } from './waiting-argument.ts';

/** What is to be seen of one agent right now. */
export interface Observation {
  readonly row: AgentRow;
  /** Its pane; null when it has no window. */
  readonly pane: PaneFacts | null;
  readonly screen: Screen | null;
  readonly look: Look | null;
  /** What it asks on its screen; null when it asks nothing, or its screen was not read. */
  readonly asked: Asked | null;
}

/**
 * Looks at every given agent, as the store has it now, with two calls to tmux, and keeps what was seen as their status.
 * Agents that were removed meanwhile are left out.
 */
export async function observe(
  session: Session,
  rows?: readonly AgentRow[],
  memory: Memory = new Memory(),
): Promise<Observation[]> {
  const there = await allAgents(session.db);
  const agents = rows === undefined ? there : rows.flatMap(({ id }) => there.find((row) => row.id === id) ?? []);
  const first = await lookAt(session, agents, memory);
  const unsure = first.flatMap(({ observation, unsure }) => (unsure ? [observation.row] : []));
  if (unsure.length === 0) return first.map(({ observation }) => observation);
  // Nobody has looked before: what may pass in a moment is looked at once more.
  await delay(SHELF.confirm);
  const again = await lookAt(session, unsure, memory);
  return first.map(
    ({ observation }) => again.find((one) => one.observation.row.id === observation.row.id)?.observation ?? observation,
  );
}

interface Looked {
  readonly observation: Observation;
  /** Its status is the one before, since the new one may pass in a moment, and no earlier look tells. */
  readonly unsure: boolean;
}

async function lookAt(session: Session, agents: readonly AgentRow[], memory: Memory): Promise<Looked[]> {
  const byAgent = await panesOf(session, agents);
  const shots = await shotsOf(session, [...byAgent.values()], memory);
  const board = await boardEvidence(session, agents);
  const seen = { shots, memory, board };
  return Promise.all(agents.map((row) => observeOne(session, row, byAgent.get(row.id) ?? null, seen)));
}

/** The panes' screens: captured where something may have happened, remembered where not. */
async function shotsOf(
  session: Session,
  panes: readonly PaneFacts[],
  memory: Memory,
): Promise<ReadonlyMap<string, PaneSnapshot>> {
  memory.keepOnly(panes);
  const now = Date.now();
  const known = new Map(panes.flatMap((pane) => [[pane.pane, memory.shotOf(pane, now)] as const]));
  const taken = await session.tmux.snapshot([...known].flatMap(([pane, shot]) => (shot === null ? pane : [])));
  return new Map(
    [...known.keys()].flatMap((pane) => {
      const shot = known.get(pane) ?? taken.get(pane);
      return shot ? [[pane, shot] as const] : [];
    }),
  );
}

/** The agents' own panes by their ids: found by their marks, since a restarted server gives old ids to strangers. */
export async function panesOf(session: Session, rows: readonly AgentRow[]): Promise<Map<string, PaneFacts>> {
  const panes = rows.some(({ tmux_window }) => tmux_window !== null) ? await session.tmux.listAgentPanes() : [];
  const wanted = new Set(rows.map(({ id }) => id));
  return new Map(panes.filter(({ agentId }) => wanted.has(agentId)).map((pane) => [pane.agentId, pane]));
}

interface Seen {
  readonly shots: ReadonlyMap<string, PaneSnapshot>;
  readonly memory: Memory;
  readonly board: ReadonlyMap<string, BoardEvidence>;
}

async function observeOne(session: Session, row: AgentRow, pane: PaneFacts | null, seen: Seen): Promise<Looked> {
  const shot = pane === null ? undefined : seen.shots.get(pane.pane);
  const { screen, look } =
    shot === undefined ? NOTHING : await read(shot, agentCliToSee(row.cli, session.config), seen.memory);
  const asked = shot === undefined || look === null ? null : await readAsked(session, row, look, shot, seen.memory);
  const evidence = await evidenceOf(session, row, { pane: shot ?? pane, screen, look, asked }, seen);
  const { next, unsure } = settle(row, evidence, seen.memory);
  const changed = next === null ? row : await noteStatus(session.db, row, next);
  if (changed.status !== row.status) await settleArguments(session, changed, { busy: look?.state === 'busy' });
  const noted = await noteTask(session.db, changed, seen.board.get(row.id)?.holds ?? null);
  return { observation: { row: noted, pane: shot ?? pane, screen, look, asked }, unsure };
}

const NOTHING = { screen: null, look: null } as const;

/** Reads a screen with what only the terminal knows: whether the agent has it, and where the CLI asks for it, how it reads. */
async function read(shot: PaneSnapshot, cli: AgentCli, memory: Memory): Promise<Pick<Observation, 'screen' | 'look'>> {
  const terminal = shot.dead ? {} : await terminalOf(shot, cli, memory);
  const known = memory.readingOf(shot, terminal);
  if (known !== null) return known;
  const screen = parseScreen(shot.text, { ...shot, ...terminal });
  const look = shot.dead ? null : cli.look(screen);
  memory.keep(shot, screen, look);
  return { screen, look };
}

async function terminalOf(shot: PaneSnapshot, cli: AgentCli, memory: Memory): Promise<Partial<Screen>> {
  const foregroundIsAgent = await hasForeground(shot.pid);
  if (cli.asksTerminal !== true) return { foregroundIsAgent };
  const lineEditor = memory.lineEditorOf(shot, foregroundIsAgent, Date.now());
  return lineEditor === undefined ? terminalState(shot.tty, shot.pid) : { foregroundIsAgent, lineEditor };
}

/** The status that the evidence shows, or the one before while that may pass in a moment. Null: nothing is to be set. */
function settle(
  row: AgentRow,
  evidence: Evidence | FoldedStatus | null,
  { shown }: Memory,
): { readonly next: FoldedStatus | null; readonly unsure: boolean } {
  if (evidence === null || 'status' in evidence) return { next: evidence, unsure: false };
  const next = foldStatus(evidence);
  const before = shown.get(row.id) ?? null;
  const now = shownSince(next, before, evidence.now, evidence.lastChangeAt);
  shown.set(row.id, now);
  const wait =
    isShaky(next, row.status as AgentStatus, evidence.title === next.status) && !isConfirmed(now, evidence.now);
  return wait ? { next: null, unsure: before === null } : { next, unsure: false };
}

/** Null: nothing that can be seen changes its status (paused, or its window was never opened). */
async function evidenceOf(
  session: Session,
  row: AgentRow,
  { pane, screen, look, asked }: Pick<Observation, 'pane' | 'screen' | 'look' | 'asked'>,
  { memory, board }: Seen,
): Promise<Evidence | FoldedStatus | null> {
  if (row.pid === null && row.status === 'starting') return unmade(session, row);
  if (row.status === 'paused' || row.pid === null) return null;
  // Ended by swarm, or given up by it: what its window shows of that is no news.
  const over = row.status === 'exited' || row.status === 'failed';
  if (row.source === 'swarm' && over && pane?.dead !== false) return null;
  // Whoever ends it says what has become of it.
  if (pane?.dead !== false && !over && (await isBeingEnded(session, row))) return null;
  if (pane === null) return windowless(row);
  return {
    process: { dead: pane.dead, exitStatus: pane.deadStatus, signal: pane.deadSignal },
    hook: await lastHook(session, row, memory),
    title: agentCliToSee(row.cli, session.config).titleSays?.(screen?.title ?? '') ?? null,
    look,
    question: asked?.question ?? null,
    board: board.get(row.id) ?? null,
    previous: { status: row.status as AgentStatus, reason: row.reason },
    now: Date.now(),
    startedAt: Date.parse(startOf(row)),
    lastChangeAt: pane.activity,
    idleTimeoutMs: session.config.limits.idleTimeout,
  };
}

/** Whether what makes it has died of that; null while it is being made. */
async function unmade(session: Session, row: AgentRow): Promise<FoldedStatus | null> {
  const [making] = await interruptedOperations(session.db, row.id);
  if (making === undefined) return null;
  return { status: 'failed', reason: `its ${making.kind} was interrupted: swarm repair`, source: 'swarm' };
}

/** Null: how it ended is known already. */
async function windowless(row: AgentRow): Promise<FoldedStatus | null> {
  if (await isRunning(row))
    return { status: 'unknown', reason: `its window is gone, its process ${row.pid} lives`, source: 'process' };
  if (row.status === 'exited' || row.status === 'failed') return null;
  return { status: 'exited', reason: 'its window is gone, and its process with it', source: 'process' };
}

/** The newest event of the agent's own hooks or of its calls of the board, since its process was started, that says something about its state. */
async function lastHook(session: Session, row: AgentRow, memory: Memory): Promise<HookEvidence | null> {
  const cli = agentCliToSee(row.cli, session.config);
  const since = startOf(row);
  const spool = spoolOf(session.repo, row);
  return memory.hooks.of(spool, since, async () => {
    let rest: HookEvidence | null = null;
    for await (const { event, at, payload } of newestEvents(spool, since)) {
      const heard = mcpEvidence(event, at, payload) ?? hookEvidence(cli, event, at, payload);
      if (heard === null) continue;
      if (rest !== null && heard.state === 'working') return { ...rest, worked: heard.at };
      if (heard.state === 'idle') rest ??= heard;
      else if (rest === null) return heard;
    }
    return rest;
  });
}

function hookEvidence(cli: AgentCli, event: string, at: string, payload: unknown): HookEvidence | null {
  const told = cli.events(event, payload);
  if (told === null || told.state === null) return null;
  return { source: 'hook', event: told.detail, at: Date.parse(at), state: told.state, until: null };
}
