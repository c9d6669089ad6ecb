import type { Board } from '../context.ts';
import { listTasks } from './read.ts';
import type { Task } from './types.ts';

/** `to` can't be claimed before `from` is done. */
export interface TaskEdge {
  readonly from: string;
  readonly to: string;
}

export interface TaskGraph {
  readonly tasks: readonly Task[];
  readonly edges: readonly TaskEdge[];
}

/** The board as a graph: its tasks in the order in which they would be claimed, and what waits for what. */
export async function taskGraph(board: Board): Promise<TaskGraph> {
  const tasks = await listTasks(board);
  return { tasks, edges: tasks.flatMap(({ id, dependencies }) => dependencies.map((from) => ({ from, to: id }))) };
}
