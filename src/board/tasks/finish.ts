import type { TaskRow } from '../../store/board-schema.ts';
import { ring } from '../bell.ts';
import type { Board } from '../context.ts';
import { recordEvent } from '../events.ts';
import type { Participant } from '../participants.ts';
import { holderOf, nameOf, patchTask, requireAttempt, requireMineOrLead, requireOpen, UNCLAIMED } from './change.ts';
import { dependentsOf, recount } from './links.ts';
import { readTask, rowOf } from './read.ts';
import { alreadyOver, notYours, staleAttempt } from './refusals.ts';
import { tellOfEnd, tellOfLoss } from './tell.ts';
import { changeTasks } from './transaction.ts';
import type { Task, TaskResult } from './types.ts';
import { checkReason, checkSummary } from './wish.ts';

export interface Report {
  readonly summary: string;
  /** The commit that holds the work. */
  readonly commit?: string | null | undefined;
  /** The attempt that it was done in, where the caller knows it: a later one of its own is not ended by it. */
  readonly attempt?: number | undefined;
}

/**
 * Reports a task done. It counts from whoever holds it; late, after the claim ran out, while nobody else has claimed it;
 * and from a leader for what nobody holds. The same report twice is one: its answer may have been lost.
 * What comes too late is refused, and kept in the history.
 * @throws UserError exit 3 or 4
 */
export async function completeTask(board: Board, by: Participant, id: string, report: Report): Promise<Task> {
  checkSummary(report.summary);
  const late = await tooLate(board, by, await rowOf(board, id), report);
  if (late !== null) throw late;
  return ending(board, async (within, told) => {
    const row = await rowOf(within, id);
    if (isSameAgain(row, by, report)) return readTask(within, row.id);
    await requireOpen(within, row);
    // Somebody was quicker between the look and the transaction.
    await requireAttempt(within, row, report.attempt);
    if (!mayComplete(row, by)) throw notYours(by, row.id, await nameOf(within, row.claimed_by), 'complete');
    const at = new Date().toISOString();
    const result: TaskResult = { summary: report.summary, commit: report.commit ?? null, by: by.name, at };
    const done = { status: 'done', result: JSON.stringify(result), done_at: at, reason: null, held: null } as const;
    await patchTask(within, row, { ...done, ...UNCLAIMED, last_by: by.id, claimed_by: by.id });
    await recordEvent(within.db, by.name, 'task-done', { task: row.id, attempt: row.attempt, ...result });
    await recount(within.db, await dependentsOf(within.db, row.id));
    told.push(...(await tellOfEnd(within, by, { task: row.id, done: result })));
    return readTask(within, row.id);
  });
}

/** Reports that a task can't be done as it is; with `attempt` only if it is at that still. @throws UserError exit 3 or 4 */
export function failTask(board: Board, by: Participant, id: string, reason: string, attempt?: number): Promise<Task> {
  checkReason(id, 'fail', reason);
  return ending(board, async (within, told) => {
    const row = await rowOf(within, id);
    await requireOpen(within, row);
    await requireAttempt(within, row, attempt);
    await requireMineOrLead(within, by, row, 'fail');
    await patchTask(within, row, { status: 'failed', reason, held: null, ...UNCLAIMED });
    await recordEvent(within.db, by.name, 'task-failed', { task: row.id, attempt: row.attempt, reason });
    await tellOfLoss(within, by, row, 'gave it up', reason);
    told.push(...(await tellOfEnd(within, by, { task: row.id, failed: reason, at: new Date().toISOString() })));
    return readTask(within, row.id);
  });
}

/** A transaction that ends a task; those who are told of it hear it once it is through. */
function ending(board: Board, work: (within: Board, told: string[]) => Promise<Task>): Promise<Task> {
  return changeTasks(board, async (within) => {
    const told: string[] = [];
    const task = await work(within, told);
    ring(within, ...told);
    return task;
  });
}

function isSameAgain(row: TaskRow, by: Participant, report: Report): boolean {
  if (row.status !== 'done' || row.last_by !== by.id || row.result === null) return false;
  const { summary, commit } = JSON.parse(row.result) as TaskResult;
  return summary === report.summary && (report.commit ?? commit) === commit;
}

function mayComplete(row: TaskRow, by: Participant): boolean {
  if (row.status === 'claimed') return row.claimed_by === by.id;
  return by.leads || row.last_by === by.id;
}

/** Refuses what is too late, and keeps what it says: somebody has done that work. */
async function tooLate(board: Board, by: Participant, row: TaskRow, report: Report) {
  const { summary, commit = null, attempt = row.attempt } = report;
  if (isSameAgain(row, by, report)) return null;
  const isOver = row.status === 'done' || row.status === 'failed';
  const isStale = attempt !== row.attempt;
  if (!isOver && !isStale && (row.status !== 'claimed' || row.last_by === by.id)) return null;
  await recordEvent(board.db, by.name, 'task-late', { task: row.id, attempt, summary, commit });
  if (isOver) return alreadyOver(row.id, row.status, await nameOf(board, row.last_by));
  const holder = await holderOf(board, row);
  return isStale ? staleAttempt(row, holder, attempt) : notYours(by, row.id, holder, 'complete');
}
