import { agentById, recordEvent } from '../../agents/records.ts';
import { repairOperations } from '../../agents/repair/operations.ts';
import type { Session } from '../../agents/session.ts';
import { messageOf, UserError } from '../../lib/errors.ts';
import { withLease } from '../../store/leases.ts';
import type { AgentRow, MergeQueueRow } from '../../store/schema.ts';
import { type MergeDoor, mergeAgent } from '../merge.ts';
import type { MergeResult } from '../types.ts';
import { pausedBecause, type QueueEntry, type QueueRow, toEntry } from './entries.ts';
import { askRework, reworkDone } from './rework.ts';
import { sendBack } from './send-back.ts';
import { nextTurn } from './turn.ts';

/** Refusals that concern one agent, and may be over later. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'AGENT_BUSY',
  'AGENT_WORKING',
  'BUSY',
  'DIRTY_WORKTREE',
  'IN_PROGRESS',
  'NO_BRANCH',
  'NOT_ON_ITS_BRANCH',
  'NO_SUCH_BRANCH',
  'TARGET_MOVES',
]);
/** Milliseconds that somebody else who works the queue gets: as long as it takes, since each merge has its gate. */
const PATIENCE = 24 * 60 * 60_000;

/**
 * Works the queue off, one merge after the other, each tried on top of what landed before it. A red gate or a conflict
 * sends a merge back and the next one has its turn; one whose agent isn't ready is passed over and waits on. Killed at any
 * moment, it goes on where it was: a merge moves its target in one step.
 * @returns what had its turn.
 */
export function runQueue(session: Session, door: MergeDoor, signal?: AbortSignal): Promise<QueueEntry[]> {
  return withLease(session.db, 'merge-queue', PATIENCE, async () => {
    const done: QueueEntry[] = [];
    const passed = new Set<number>();
    await reworkDone(session);
    while (!signal?.aborted && (await pausedBecause(session)) === null) {
      const entry = await nextTurn(session, passed);
      if (entry === null) break;
      const after = await takeTurn(session, entry, door);
      done.push(toEntry(after));
      if (after.state === 'queued') passed.add(after.id);
    }
    return done;
  });
}

async function takeTurn(session: Session, entry: QueueRow, door: MergeDoor): Promise<QueueRow> {
  await settle(session, entry, { state: 'running', reason: null });
  const row = await agentById(session.db, entry.agent_id);
  if (row === undefined) return settle(session, entry, { state: 'returned', reason: 'its agent is gone' });
  // What an earlier turn of it was killed in comes first: it may have come to its end.
  await repairOperations(session, false, ({ kind, agentId }) => kind === 'merge' && agentId === row.id);
  door.tell(`${row.name}: its merge into ${entry.into_branch} has its turn`);
  try {
    const options = {
      into: entry.into_branch,
      strategy: toEntry(entry).strategy,
      message: null,
      keep: entry.keep === 1,
      gate: true,
    };
    return await judged(session, entry, row, await mergeAgent(session, row, options, door));
  } catch (error) {
    if (error instanceof UserError && error.code === 'SCRIPT_CHANGED') return unapproved(session, entry, row, error);
    const waits = await settle(session, entry, { state: 'queued', reason: messageOf(error) });
    // What is wrong with this agent alone: the others may go on.
    if (error instanceof UserError && PASSED_OVER.has(error.code)) return waits;
    throw error;
  }
}

/** Its tree has scripts for the gate that nobody approved: a person reads them, and the others' turns go on. */
async function unapproved(session: Session, entry: QueueRow, row: AgentRow, error: UserError): Promise<QueueRow> {
  const reason = `${error.message} ${error.hint}`;
  await sendBack(session, row, { into: entry.into_branch, state: 'refused', files: [], log: null, reason });
  return settle(session, entry, { state: 'returned', reason });
}

async function judged(session: Session, entry: QueueRow, row: AgentRow, result: MergeResult): Promise<QueueRow> {
  const told = { result: JSON.stringify(result), reason: result.reason };
  switch (result.state) {
    case 'merged':
    case 'nothing':
      return settle(session, entry, { ...told, state: 'merged' });
    case 'refused':
      // Somebody's work lies in the way: that is theirs to put away, and the merge waits for it.
      return settle(session, entry, { ...told, state: 'queued' });
    default: {
      const task = entry.rework === 1 ? await askRework(session, row, result) : null;
      if (task === null) await sendBack(session, row, result);
      return settle(session, entry, { ...told, state: task === null ? 'returned' : 'rework', task_id: task });
    }
  }
}

async function settle(
  session: Session,
  { id, agent, state: from }: QueueRow,
  patch: Partial<Pick<MergeQueueRow, 'state' | 'reason' | 'result' | 'task_id'>>,
): Promise<QueueRow> {
  const row = await session.db
    .updateTable('merge_queue')
    .set({ ...patch, updated_at: new Date().toISOString() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const { state, reason, into_branch: into } = row;
  if (state !== from && state !== 'running')
    await recordEvent(session.db, agent, `merge-${state}`, { into, reason, entry: id });
  return row;
}
