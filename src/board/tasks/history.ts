import { eventTask } from '../../store/event-task.ts';
import type { Board } from '../context.ts';
import { rowOf } from './read.ts';

/** One line of what happened to a task. */
export interface TaskEvent {
  readonly at: string;
  /** Who did it, or lost it. */
  readonly agent: string | null;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What happened to a task, the oldest first. @throws UserError exit 3 when there is no such task. */
export async function taskHistory(board: Board, id: string): Promise<TaskEvent[]> {
  const { id: task } = await rowOf(board, id);
  const rows = await board.db
    .selectFrom('events')
    .selectAll()
    .where('type', 'like', 'task-%')
    .where(eventTask, '=', task)
    .orderBy('id')
    .execute();
  return rows.map(({ at, agent, type, data }) => ({ at, agent, type, data: JSON.parse(data) }));
}
