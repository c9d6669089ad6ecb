import { exit, UserError } from '../../lib/errors.ts';
import type { Board } from '../context.ts';
import type { Participant } from '../participants.ts';
import { resolveParticipant } from '../roster.ts';
import { editTask, type TaskEdit } from './edit.ts';
import { readTask } from './read.ts';
import { reassignTask } from './release.ts';
import type { Task } from './types.ts';

/**
 * Changes what a task asks for, or gives it to somebody, or both.
 * @throws UserError exit 2 when nothing is to change, else as for each of the two.
 */
export async function changeTask(
  board: Board,
  by: Participant,
  id: string,
  edit: TaskEdit,
  assign: string | null,
): Promise<Task> {
  const changes = Object.values(edit).some((value) => value !== undefined);
  if (!changes && assign === null) {
    throw new UserError({
      code: 'NOTHING_TO_CHANGE',
      exit: exit.usage,
      message: 'Nothing was named that is to change.',
      hint: `swarm task edit ${id} --priority 1`,
    });
  }
  const to = assign === null ? null : await resolveParticipant(board, assign);
  if (changes) await editTask(board, by, id, edit);
  return to === null ? readTask(board, id) : reassignTask(board, by, id, to);
}
