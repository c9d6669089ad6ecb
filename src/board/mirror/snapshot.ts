import { type AgentRow, OPEN_MERGES } from '../../store/schema.ts';
import type { Board } from '../context.ts';
import type { Memory } from '../memory.ts';
import { MEMORY_KINDS, type MemoryKind } from '../memory.ts';
import { type Message, type StoredMessage, toMessage, UNSEEN } from '../messages/types.ts';
import { type Plan, readPlan } from '../plan.ts';
import { listParticipants, namesOf } from '../roster.ts';
import { listTasks } from '../tasks/read.ts';
import type { Task } from '../tasks/types.ts';
import { contactsWithLeaders } from './contacts.ts';

/** A message that has a file. */
export interface FileMessage extends Message {
  readonly file: string;
  readonly reader: { readonly id: string; readonly name: string };
}

/** One who does tasks: an agent, or somebody who joined. */
export interface Worker {
  readonly id: string;
  readonly name: string;
  readonly capabilities: readonly string[];
  /** Null: no agent. */
  readonly agent: AgentRow | null;
  /** What the supervisor saw of its worktree. */
  readonly git: { readonly head: string | null; readonly dirty: number | null } | null;
  readonly seenAt: string | null;
  /** When a message last went between it and who leads. */
  readonly leaderAt: string | null;
}

/** A merge that is asked for, waits for its turn or a rework, or runs. */
export interface Merge {
  readonly worker: string;
  readonly branch: string | null;
  readonly into: string;
  readonly priority: number;
  readonly state: string;
  /** The task that it waits for. */
  readonly task: string | null;
  readonly reason: string | null;
  readonly createdAt: string;
}

/** The board as its files show it. */
export interface Snapshot {
  readonly tasks: readonly Task[];
  readonly plan: Plan | null;
  readonly memory: readonly Memory[];
  readonly messages: readonly FileMessage[];
  readonly workers: readonly Worker[];
  /** In the order of their turns. */
  readonly merges: readonly Merge[];
}

export async function snapshotOf(board: Board): Promise<Snapshot> {
  return {
    tasks: await listTasks(board),
    plan: await readPlan(board),
    memory: await memoryOf(board),
    messages: await messagesOf(board),
    workers: await workersOf(board),
    merges: await mergesOf(board),
  };
}

/** What everybody keeps in mind, the oldest first. */
export async function memoryOf(board: Board): Promise<Memory[]> {
  const rows = await board.db.selectFrom('memory').selectAll().orderBy('id').execute();
  const nameOf = await namesOf(board);
  return rows.flatMap((row) => {
    if (!isKind(row.kind)) return [];
    const owner = row.owner === null ? null : nameOf(row.owner);
    const rest = { taskId: row.task_id, createdBy: nameOf(row.created_by), createdAt: row.created_at };
    return [{ id: row.id, owner, kind: row.kind, text: row.text, ...rest }];
  });
}

/** Messages that wait for their reader, and questions that wait for an answer. */
export async function messagesOf(board: Board): Promise<FileMessage[]> {
  const rows: StoredMessage[] = await board.db
    .selectFrom('messages')
    .selectAll()
    .where((eb) => eb.or([eb('state', 'in', UNSEEN), eb.and({ state: 'seen', type: 'QUESTION' })]))
    .orderBy('seq')
    .execute();
  if (rows.length === 0) return [];
  const [nameOf, everybody] = await Promise.all([namesOf(board), listParticipants(board)]);
  const leads = new Set(everybody.filter((one) => one.leads).map(({ id }) => id));
  return rows.map((row) => {
    const message = toMessage(row, nameOf);
    const reader = { id: row.to_id, name: message.to };
    return { ...message, reader, file: fileOf(row, message, leads) };
  });
}

function fileOf(row: StoredMessage, { from, to }: Message, leads: ReadonlySet<string>): string {
  const folder = leads.has(row.from_id)
    ? 'master-to-worker'
    : leads.has(row.to_id)
      ? 'worker-to-master'
      : 'worker-to-worker';
  return `communication/messages/${folder}/${String(row.seq).padStart(5, '0')}-${from}-to-${to}.json`;
}

async function workersOf(board: Board): Promise<Worker[]> {
  const [leaders, everybody] = partition(await listParticipants(board), ({ leads }) => leads);
  const contacts = await contactsWithLeaders(board, new Set(leaders.map(({ id }) => id)));
  const [agents, live, rows] = await Promise.all([
    board.db.selectFrom('agents').selectAll().execute(),
    board.db.selectFrom('live').select(['agent_id', 'git']).execute(),
    board.db.selectFrom('participants').select(['id', 'last_seen_at']).execute(),
  ]);
  return everybody.map(({ id, name, capabilities }) => {
    const agent = agents.find((one) => one.id === id) ?? null;
    const git = live.find((one) => one.agent_id === id)?.git ?? null;
    const seen = rows.find((one) => one.id === id)?.last_seen_at ?? null;
    const seenAt = agent?.last_activity_at ?? seen;
    const leaderAt = contacts.get(id) ?? null;
    return { id, name, capabilities, agent, git: git === null ? null : JSON.parse(git), seenAt, leaderAt };
  });
}

async function mergesOf({ db }: Board): Promise<Merge[]> {
  const rows = await db
    .selectFrom('merge_queue as m')
    .leftJoin('agents as a', 'a.id', 'm.agent_id')
    .select(['m.agent', 'm.into_branch', 'm.priority', 'm.state', 'm.task_id', 'm.reason', 'm.created_at', 'a.branch'])
    .where('m.state', 'in', OPEN_MERGES)
    .orderBy('m.priority')
    .orderBy('m.id')
    .execute();
  return rows.map(({ agent, into_branch: into, task_id: task, created_at: createdAt, branch, ...merge }) => ({
    worker: agent,
    branch,
    into,
    ...merge,
    task,
    createdAt,
  }));
}

function partition<T>(all: readonly T[], is: (one: T) => boolean): [T[], T[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}

const isKind = (kind: string): kind is MemoryKind => MEMORY_KINDS.some((one) => one === kind);
