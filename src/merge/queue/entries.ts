import { recordEvent } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';
import type { MergeStrategy } from '../../git/merge-commit.ts';
import { exit, UserError } from '../../lib/errors.ts';
import type { SessionDb } from '../../store/open.ts';
import { type AgentRow, type MergeQueueRow, OPEN_MERGES } from '../../store/schema.ts';
import { targetOf } from '../target.ts';
import type { MergeResult } from '../types.ts';
import type { EntryPatch } from './settle.ts';

/** A row as it is read. */
export type QueueRow = Omit<MergeQueueRow, 'id' | 'rounds'> & { readonly id: number; readonly rounds: number };

/** A merge in the queue, as `--json` shows it. */
export interface QueueEntry {
  readonly id: number;
  readonly agent: string;
  readonly into: string;
  readonly strategy: MergeStrategy | null;
  /** 1 is first. */
  readonly priority: number;
  readonly keep: boolean;
  readonly rework: boolean;
  /** `rework`: its agent has a task to make it fit. `returned`: it was sent back, and waits for nothing. */
  readonly state: MergeQueueRow['state'];
  readonly task: string | null;
  readonly reason: string | null;
  /** What the last try came to. */
  readonly result: MergeResult | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface QueueWish {
  readonly into: string | null;
  readonly strategy: MergeStrategy | null;
  readonly priority: number;
  readonly keep: boolean;
  readonly rework: boolean;
}

/** Held by whoever works off the merges into a branch: one at a time for each. */
export const queueLease = (into: string): string => `merge-queue:${into}`;
/** Key in `meta` under which it stands that the queue rests, and why. */
const PAUSED = 'merge-queue-paused';

/**
 * Puts an agent's merge into the queue, to wait for its turn, or a leader's yes; this is the yes to one that was asked for.
 * `tip`: the commit for which it is asked.
 * @throws UserError exit 4 when it is there already, 2 for a target that is none.
 */
export async function enqueue(
  session: Session,
  row: AgentRow,
  wish: QueueWish,
  { state = 'queued', tip = null }: { readonly state?: 'requested' | 'queued'; readonly tip?: string | null } = {},
): Promise<QueueEntry> {
  const { name: into } = await targetOf(session, row, wish.into, `swarm queue add ${row.name}`);
  return session.db.transaction().execute(async (db) => {
    const there = await openEntry(db, row, into);
    if (there !== undefined && (there.state !== 'requested' || state === 'requested')) {
      throw queuedAlready(row.name, into);
    }
    const entry = await insertEntry(db, row, { ...wish, into }, { state, tip });
    const how = state === 'requested' ? 'merge-requested' : 'merge-queued';
    await recordEvent(db, row.name, how, { into, entry: entry.id });
    return toEntry(entry);
  });
}

/** Puts a merge into the queue that waits for its rework, also where it waited for its turn. */
export async function enqueueRework(
  { db }: Pick<Session, 'db'>,
  row: AgentRow,
  wish: QueueWish & { readonly into: string },
  rework: EntryPatch,
): Promise<QueueRow> {
  const entry = await insertEntry(db, row, wish, rework);
  await recordEvent(db, row.name, 'merge-rework', { into: wish.into, entry: entry.id });
  return entry;
}

/** An agent's merge into a branch that isn't over. */
export const openEntry = (db: SessionDb, { id }: AgentRow, into: string) =>
  db
    .selectFrom('merge_queue')
    .selectAll()
    .where('agent_id', '=', id)
    .where('into_branch', '=', into)
    .where('state', 'in', OPEN_MERGES)
    .executeTakeFirst();

/** In place of one that is open. */
async function insertEntry(
  db: SessionDb,
  row: AgentRow,
  { into, strategy, priority, keep, rework }: QueueWish & { readonly into: string },
  patch: EntryPatch,
): Promise<QueueRow> {
  const there = await openEntry(db, row, into);
  if (there !== undefined) await db.deleteFrom('merge_queue').where('id', '=', there.id).execute();
  const now = new Date().toISOString();
  return db
    .insertInto('merge_queue')
    .values({
      agent_id: row.id,
      agent: row.name,
      into_branch: into,
      strategy,
      priority,
      keep: keep ? 1 : 0,
      rework: rework ? 1 : 0,
      state: 'queued',
      task_id: null,
      tip: null,
      result: null,
      reason: null,
      ...patch,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The queue, what waits first, in the order of its turns; with `all` also what is over. */
export async function listQueue({ db }: Session, all: boolean): Promise<QueueEntry[]> {
  const rows = await db.selectFrom('merge_queue').selectAll().orderBy('priority').orderBy('id').execute();
  const open = rows.filter(({ state }) => isOpen(state));
  return [...open, ...(all ? rows.filter(({ state }) => !isOpen(state)) : [])].map(toEntry);
}

/** Whether the queue rests, and why; null when it does not. */
export async function pausedBecause({ db }: Pick<Session, 'db'>): Promise<string | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', PAUSED).executeTakeFirst();
  return row?.value ?? null;
}

/** Lets the queue rest, or go on with null. What is being merged comes to its end. */
export async function setPaused({ db }: Pick<Session, 'db'>, reason: string | null): Promise<void> {
  if (reason === null) await db.deleteFrom('meta').where('key', '=', PAUSED).execute();
  else {
    const values = { key: PAUSED, value: reason };
    await db
      .insertInto('meta')
      .values(values)
      .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
      .execute();
  }
  await recordEvent(db, null, reason === null ? 'merge-queue-resumed' : 'merge-queue-paused', { reason });
}

export function toEntry(row: QueueRow): QueueEntry {
  return {
    id: row.id,
    agent: row.agent,
    into: row.into_branch,
    strategy: row.strategy as MergeStrategy | null,
    priority: row.priority,
    keep: row.keep === 1,
    rework: row.rework === 1,
    state: row.state,
    task: row.task_id,
    reason: row.reason,
    result: row.result === null ? null : (JSON.parse(row.result) as MergeResult),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const isOpen = (state: QueueRow['state']): boolean => (OPEN_MERGES as readonly string[]).includes(state);

function queuedAlready(agent: string, into: string): UserError {
  return new UserError({
    code: 'QUEUED_ALREADY',
    exit: exit.refused,
    message: `${agent}'s merge into ${into} waits in the queue already.`,
    hint: 'swarm queue list',
    details: { agent, into },
  });
}
