import { exit, UserError } from '../../lib/errors.ts';
import type { Board } from '../context.ts';
import type { Participant } from '../participants.ts';
import { resolveParticipant } from '../roster.ts';
import { requireAttempt } from './change.ts';
import { editTask, type TaskEdit } from './edit.ts';
import { giveTask } from './give.ts';
import { readTask, rowOf } from './read.ts';
import { blockTask, releaseTask } from './release.ts';
import { changeTasks } from './transaction.ts';
import type { Task } from './types.ts';

/** All that is to become of a task. */
export interface TaskChange {
  /** What it asks for. */
  readonly edit: TaskEdit;
  /** Hold it back, or let it go again. */
  readonly status?: 'blocked' | 'available' | undefined;
  /** Why, in words: with a status. */
  readonly reason?: string | undefined;
  /** Word for whoever is to have it. */
  readonly assign?: string | undefined;
  /** Only if it is at this attempt still. */
  readonly attempt?: number | undefined;
}

/**
 * Changes what a task asks for, holds it back or lets it go, gives it to somebody, who is told: all of that, or nothing.
 * @throws UserError exit 2 when nothing is to change, else as for each of them.
 */
export async function changeTask(board: Board, by: Participant, id: string, change: TaskChange): Promise<Task> {
  const { edit, status, reason, assign, attempt } = change;
  const edits = Object.values(edit).some((value) => value !== undefined);
  if (!edits && status === undefined && assign === undefined) throw nothingToChange(id);
  return changeTasks(board, async (within) => {
    await requireAttempt(within, await rowOf(within, id), attempt);
    if (status === 'blocked') await blockTask(within, by, id, reason ?? '');
    if (status === 'available') await releaseTask(within, by, id, reason ?? null);
    // What is held back just now may have the files of what runs.
    if (edits) await editTask(within, by, id, edit);
    if (assign !== undefined) await giveTask(within, by, id, await resolveParticipant(within, assign));
    return readTask(within, id);
  });
}

function nothingToChange(id: string): UserError {
  return new UserError({
    code: 'NOTHING_TO_CHANGE',
    exit: exit.usage,
    message: 'Nothing was named that is to change.',
    hint: `swarm task edit ${id} --priority 1`,
  });
}
