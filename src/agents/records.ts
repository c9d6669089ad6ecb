import { hostname } from 'node:os';
import { recordEvent } from '../board/events.ts';
import type { GitFacts } from '../git/facts.ts';
import { BugError } from '../lib/errors.ts';
import type { SessionDb } from '../store/open.ts';
import type { AgentRow } from '../store/schema.ts';
import type { PanePlace } from './live-facts.ts';
import type { Session } from './session.ts';
import type { Agent, AgentStatus, StatusSource } from './types.ts';

/** What an agent was asked for at spawn and a restart must know. */
export interface AgentOptions {
  readonly noHooks: boolean;
  readonly noCopy: boolean;
  /** File of the first prompt, or null. */
  readonly promptFile: string | null;
  /** When its process was started last. */
  readonly startedAt: string | null;
  /** A person has taken it over. */
  readonly takenOver: boolean;
  /** It takes work from the board: made for a task, or by the supervisor, which lets it go again. */
  readonly takesTasks: boolean;
  readonly added: boolean;
  /** When the supervisor started it again after a crash, lately; a person's restart wipes the slate. */
  readonly restartedAt: readonly string[];
}

export { recordEvent };

export type AgentPatch = Partial<Omit<AgentRow, 'id' | 'created_at'>>;

/** All agents in the order of creation. */
export function allAgents(db: SessionDb): Promise<AgentRow[]> {
  return db.selectFrom('agents').selectAll().orderBy('created_at').orderBy('number').execute();
}

export function agentById(db: SessionDb, id: string): Promise<AgentRow | undefined> {
  return db.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Changes an agent's row. @throws BugError when it is gone. */
export async function updateAgent(db: SessionDb, id: string, patch: AgentPatch): Promise<AgentRow> {
  const row = await db.updateTable('agents').set(patch).where('id', '=', id).returningAll().executeTakeFirst();
  if (!row) throw new BugError(`agent ${id} is not in the store`);
  return row;
}

export interface StatusNow {
  readonly status: AgentStatus;
  readonly reason: string;
  readonly source: StatusSource;
  /** Since when, in milliseconds since 1970. Default: now. */
  readonly at?: number;
  /** Of a rest: when it was last known to work. */
  readonly worked?: number;
}

/** Sets the status with its reason and source, and records the transition. `since` moves only when the status does. */
export async function setStatus(db: SessionDb, row: AgentRow, next: StatusNow): Promise<AgentRow> {
  if (isSame(row, next)) return row;
  const updated = await updateAgent(db, row.id, statusPatch(row, next));
  await recordChange(db, row, next);
  return updated;
}

/** Marks an agent failed that did not come to where it should; fine when it was removed meanwhile. */
export async function markFailed(db: SessionDb, row: AgentRow, reason: string): Promise<AgentRow> {
  const there = await agentById(db, row.id);
  return there === undefined ? row : setStatus(db, there, { status: 'failed', reason, source: 'swarm' });
}

/**
 * The same for what was only seen of the agent as `row` has it. Who changed it meanwhile (paused it, started it again,
 * removed it) knows better: then nothing is set, and the answer is the agent as it is.
 */
export async function noteStatus(db: SessionDb, row: AgentRow, next: StatusNow): Promise<AgentRow> {
  const missed = isMissedTurn(row, next);
  if (isSame(row, next) && !missed) return row;
  const unchanged = db.updateTable('agents').set(statusPatch(row, next)).where('id', '=', row.id);
  const updated = await (row.pid === null ? unchanged.where('pid', 'is', null) : unchanged.where('pid', '=', row.pid))
    .where('status', '=', row.status)
    .where('since', '=', row.since)
    .returningAll()
    .executeTakeFirst();
  if (updated === undefined) return (await agentById(db, row.id)) ?? row;
  if (missed) await recordEvent(db, row.name, 'status', { from: 'working', to: next.status, reason: next.reason });
  else await recordChange(db, row, next);
  return updated;
}

/** Keeps which task an agent holds, where that is another one than before. */
export async function noteTask(db: SessionDb, row: AgentRow, task: string | null): Promise<AgentRow> {
  if (row.task === task) return row;
  const same = db.updateTable('agents').set({ task }).where('id', '=', row.id);
  return (await same.returningAll().executeTakeFirst()) ?? row;
}

/** Milliseconds by which a CLI's hook may come after its screen was seen to say the same. */
const LATE = 2000;

/**
 * A turn that began and ended between two looks: a hook tells of an end long after the agent was known to rest, or of work
 * since then.
 */
function isMissedTurn(row: AgentRow, { status, source, at = 0, worked = 0 }: StatusNow): boolean {
  const ended = status === 'idle' && row.status === 'idle' && source === 'hook';
  const since = Date.parse(row.since);
  return ended && (at - since > LATE || worked > since);
}

function isSame(row: AgentRow, next: StatusNow): boolean {
  return row.status === next.status && row.reason === next.reason && row.source === next.source;
}

function statusPatch(row: AgentRow, now: StatusNow): AgentPatch {
  const { at: told, worked: _, ...next } = now;
  if (row.status === next.status && !isMissedTurn(row, now)) return next;
  // A hook knows when it was; but nothing began before what was before it ended, nor in the future of a wrong clock.
  const since = Math.min(Date.now(), Math.max(told ?? Number.POSITIVE_INFINITY, Date.parse(row.since)));
  const at = new Date(since).toISOString();
  // A hook says that a turn ended also when nobody looked while it went on.
  const turnEnded = next.status === 'idle' && (row.status === 'working' || next.source === 'hook');
  return { ...next, since: at, last_activity_at: at, ...(turnEnded ? { unseen: 1 } : {}) };
}

async function recordChange(db: SessionDb, row: AgentRow, { status, reason }: StatusNow): Promise<void> {
  if (row.status !== status) await recordEvent(db, row.name, 'status', { from: row.status, to: status, reason });
}

export function portsOf(row: AgentRow): Record<string, number> {
  return JSON.parse(row.ports);
}

export function optionsOf(row: AgentRow): AgentOptions {
  const none = { noHooks: false, noCopy: false, promptFile: null, startedAt: null, takenOver: false };
  return { ...none, takesTasks: false, added: false, restartedAt: [], ...JSON.parse(row.options) };
}

/** When the agent's process was started last, ISO 8601. */
export function startOf(row: AgentRow): string {
  return optionsOf(row).startedAt ?? row.created_at;
}

/** A fresh row: nothing made yet. */
export function newAgentRow(
  wish: Pick<AgentRow, 'id' | 'name' | 'number' | 'ticket' | 'cli' | 'model' | 'args' | 'options'>,
): AgentRow {
  const now = new Date().toISOString();
  return {
    ...wish,
    role: 'worker',
    status: 'starting',
    reason: 'being made',
    source: 'swarm',
    since: now,
    unseen: 0,
    branch: null,
    branch_created: 0,
    base: null,
    base_oid: null,
    worktree: null,
    worktree_created: 0,
    tmux_window: null,
    tmux_pane: null,
    pid: null,
    pid_start: null,
    ports: '{}',
    parent: null,
    task: null,
    host: hostname(),
    conversation: null,
    restarts: 0,
    created_at: now,
    last_activity_at: now,
  };
}

/** The JSON of an agent. Its place in tmux is that of the pane it has now: recorded ids mean nothing to another server. */
export function toAgent(session: Session, row: AgentRow, git: GitFacts | null, pane: PanePlace | null): Agent {
  return {
    id: row.id,
    name: row.name,
    ticket: row.ticket,
    role: row.role,
    cli: row.cli,
    model: row.model,
    status: row.status as AgentStatus,
    reason: row.reason,
    source: row.source as StatusSource | null,
    since: row.since,
    unseen: row.unseen === 1,
    takenOver: optionsOf(row).takenOver,
    branch: row.branch,
    base: row.base,
    worktree: row.worktree,
    git,
    tmux: {
      socket: session.socket,
      session: pane?.sessionName ?? null,
      window: pane?.window ?? null,
      pane: pane?.pane ?? null,
    },
    pid: row.pid,
    ports: portsOf(row),
    parent: row.parent,
    task: row.task,
    host: row.host,
    sessionId: row.conversation,
    restarts: row.restarts,
    budget: { allocated: null, consumed: 0, available: null },
    createdAt: row.created_at,
    lastActivityAt: row.last_activity_at,
  };
}
