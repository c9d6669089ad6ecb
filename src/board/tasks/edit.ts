import { exit, UserError } from '../../lib/errors.ts';
import type { TaskRow } from '../../store/board-schema.ts';
import type { Board } from '../context.ts';
import { recordEvent } from '../events.ts';
import type { Participant } from '../participants.ts';
import { namesOf } from '../roster.ts';
import { link } from './add.ts';
import { patchTask } from './change.ts';
import { dependentsOf, recount, refuseCycles } from './links.ts';
import { linkPatterns, type Running, runningBeside } from './overlaps.ts';
import { readTask, rowOf } from './read.ts';
import { notALeader, touches } from './refusals.ts';
import { tellOfEdit } from './tell.ts';
import { changeTasks } from './transaction.ts';
import type { Task, TaskContext, TaskWish } from './types.ts';
import { checkWish } from './wish.ts';

/** What of a task is to be otherwise; lists take the place of those it had. */
export type TaskEdit = { readonly [K in keyof TaskWish]?: TaskWish[K] | undefined };

/**
 * Changes what a task asks for: by a leader, or by who made it. One that runs gets no files of another that does.
 * @throws UserError exit 2, 3 or 4
 */
export function editTask(board: Board, by: Participant, id: string, edit: TaskEdit): Promise<Task> {
  checkWish(edit);
  return changeTasks(board, async (within) => change(within, by, await rowOf(within, id), edit));
}

/** Makes a task so much less urgent than it is by now, or more: below zero. @throws UserError exit 2, 3 or 4 */
export function shiftPriority(board: Board, by: Participant, id: string, step: number): Promise<Task> {
  return changeTasks(board, async (within) => {
    const row = await rowOf(within, id);
    const edit = { priority: Math.max(1, row.priority + step) };
    checkWish(edit);
    return change(within, by, row, edit);
  });
}

async function change(within: Board, by: Participant, row: TaskRow, edit: TaskEdit): Promise<Task> {
  requireOwner(by, row, 'change');
  const before = await readTask(within, row.id);
  await patchTask(within, row, {
    ...(edit.description === undefined ? {} : { description: edit.description }),
    ...(edit.priority === undefined ? {} : { priority: edit.priority }),
    ...(edit.context === undefined ? {} : { context: mergedContext(row, edit.context) }),
  });
  const beside = row.status === 'claimed' && edit.scope !== undefined ? await runningBeside(within.db, row.id) : null;
  await link(within, row.id, edit);
  if (edit.dependencies !== undefined) {
    await refuseCycles(within.db, [row.id]);
    await recount(within.db, [row.id]);
  }
  if (edit.scope !== undefined) await linkPatterns(within.db, edit.scope);
  if (beside !== null) await refuseOverlaps(within, row.id, beside);
  await recordEvent(within.db, by.name, 'task-edited', { task: row.id, ...edit });
  const after = await readTask(within, row.id);
  await tellOfEdit(within, by, row, before, after);
  return after;
}

/** A task that runs may touch files of those that it touched before, and of no more. */
async function refuseOverlaps(within: Board, id: string, before: readonly Running[]): Promise<void> {
  const known = new Set(before.map((row) => row.id));
  const more = (await runningBeside(within.db, id)).filter((row) => !known.has(row.id));
  if (more.length > 0) throw touches(id, more, await namesOf(within), "can't have that scope: with that it");
}

/** Takes a task off the board, if nobody works on it and none waits for it. @throws UserError exit 3 or 4 */
export function removeTask(board: Board, by: Participant, id: string): Promise<Task> {
  return changeTasks(board, async (within) => {
    const row = await rowOf(within, id);
    requireOwner(by, row, 'remove');
    const waiting = await dependentsOf(within.db, row.id);
    if (waiting.length > 0)
      throw inUse(row.id, `it is awaited by ${waiting.join(', ')}`, `swarm task show ${waiting[0]}`);
    const task = await readTask(within, row.id);
    if (row.status === 'claimed') throw inUse(row.id, `${task.claimedBy} works on it`, `swarm task release ${row.id}`);
    await within.db.deleteFrom('tasks').where('id', '=', row.id).execute();
    await recordEvent(within.db, by.name, 'task-removed', { task: row.id, description: row.description });
    return task;
  });
}

function mergedContext(row: TaskRow, change: Partial<TaskContext>): string {
  return JSON.stringify({ ...(JSON.parse(row.context) as TaskContext), ...change });
}

function requireOwner(by: Participant, row: TaskRow, verb: string): void {
  if (by.leads || row.created_by === by.id) return;
  throw notALeader(by, `${verb} what others made (${row.id})`);
}

function inUse(id: string, why: string, hint: string): UserError {
  return new UserError({
    code: 'TASK_IN_USE',
    exit: exit.refused,
    message: `${id} stays: ${why}.`,
    hint,
    details: { task: id },
  });
}
