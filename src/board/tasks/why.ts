import type { Board } from '../context.ts';
import { namesOf } from '../roster.ts';
import { patternsInUse, runningBeside } from './overlaps.ts';
import { readTask, rowOf } from './read.ts';
import { touchesWords } from './refusals.ts';

/** Why nothing can be claimed, in the words of whoever waits: what there is, and what it waits for. */
export async function whyNone({ db }: Board, can: readonly string[]): Promise<string> {
  const counts = await db
    .selectFrom('tasks')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  const count = (status: string) => Number(counts.find((row) => row.status === status)?.count ?? 0);
  const total = counts.reduce((sum, row) => sum + Number(row.count), 0);
  if (total === 0) return 'there are no tasks';
  if (count('done') === total) return total === 1 ? 'the one task is done' : `all ${total} tasks are done`;
  const parts = [
    [count('claimed'), 'claimed'],
    [count('blocked'), 'blocked'],
    [count('failed'), 'failed'],
    [count('done'), 'done'],
  ] as const;
  const others = parts.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`])).join(', ');
  const available = count('available');
  if (available === 0) return `no task is available: ${others}`;
  const unable = await db
    .selectFrom('tasks')
    .innerJoin('task_needs', 'task_needs.task_id', 'tasks.id')
    .select('task_needs.capability')
    .distinct()
    .where('tasks.status', '=', 'available')
    .where('task_needs.capability', 'not in', can)
    .execute();
  const lacks = unable.map(({ capability }) => capability);
  const why =
    lacks.length > 0
      ? `they need ${lacks.join(', ')}, or touch files of running tasks`
      : 'they touch files of running tasks';
  return `${available} available, but ${why}${others === '' ? '' : `; ${others}`}`;
}

/** Ids of the tasks that can't be begun because they may touch files of running ones. */
export async function heldUpTasks({ db }: Board): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('task_scopes')
    .select('task_id')
    .distinct()
    .where('pattern', 'in', patternsInUse(db))
    .execute();
  return new Set(rows.map(({ task_id: id }) => id));
}

/** Why this one can't be claimed. */
export async function whyNot(board: Board, id: string, can: readonly string[]): Promise<string> {
  const task = await readTask(board, id);
  if (task.status === 'claimed') return `${id} is claimed by ${task.claimedBy}`;
  if (task.status !== 'available') return `${id} is ${task.status}${task.reason ? `: ${task.reason}` : ''}`;
  // From before a claim that lapsed was counted again.
  if ((await rowOf(board, id)).waiting_on > 0) return `${id} waits for ${task.dependencies.join(', ')}`;
  const lacks = task.needs.filter((need) => !can.includes(need));
  if (lacks.length > 0) return `${id} needs ${lacks.join(', ')}`;
  const running = await runningBeside(board.db, id);
  return `${id} ${touchesWords(running, await namesOf(board))}`;
}
