import { exit, UserError } from '../../lib/errors.ts';
import type { Board } from '../context.ts';
import { recordEvent } from '../events.ts';
import type { Participant } from '../participants.ts';
import { patchTask, requireMineOrLead } from './change.ts';
import { readTask, rowOf } from './read.ts';
import { changeTasks } from './transaction.ts';
import type { Task, TaskResult } from './types.ts';
import { checkSummary } from './wish.ts';

/** Says otherwise what came of a task that is done; what was said before is in the history. @throws UserError exit 3 or 4 */
export function amendResult(board: Board, by: Participant, id: string, summary: string): Promise<Task> {
  checkSummary(summary);
  return changeTasks(board, async (within) => {
    const row = await rowOf(within, id);
    if (row.status !== 'done' || row.result === null) throw notDone(row.id);
    await requireMineOrLead(within, by, row, 'report on');
    const result = JSON.parse(row.result) as TaskResult;
    await patchTask(within, row, { result: JSON.stringify({ ...result, summary }) });
    await recordEvent(within.db, by.name, 'task-result', { task: row.id, summary, before: result.summary });
    return readTask(within, row.id);
  });
}

function notDone(id: string): UserError {
  return new UserError({
    code: 'NOT_DONE',
    exit: exit.refused,
    message: `${id} is not done: there is no report to change.`,
    hint: `swarm task complete ${id} "What was done"`,
    details: { task: id },
  });
}
