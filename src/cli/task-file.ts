import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Imported } from '../board/tasks/import.ts';
import { seedEntry } from '../board/tasks/seed.ts';
import type { Task } from '../board/tasks/types.ts';
import { exit, messageOf, UserError } from '../lib/errors.ts';

export const EXPORTS = ['json', 'seed', 'lines'] as const;

/** Tasks as a file that `swarm task import` takes. */
export function exportOf(tasks: readonly Task[], format: (typeof EXPORTS)[number]): string {
  if (format === 'lines') return tasks.map((task) => `${JSON.stringify(task)}\n`).join('');
  const document = format === 'json' ? { schema: 1, tasks } : { tasks: tasks.map(seedEntry) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The text of a file of tasks; `-` is standard input. @throws UserError exit 2 when it can't be read. */
export function readTaskFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UserError({
      code: 'NO_TASK_FILE',
      exit: exit.usage,
      message: `The file with the tasks can't be read: ${messageOf(error)}.`,
      hint: 'swarm task import tasks.json',
      details: { file },
    });
  }
}

/** Writes a file whole, or leaves what was there. @throws UserError exit 2 when it can't be written. */
export function writeTaskFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`;
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    throw new UserError({
      code: 'NO_TASK_FILE',
      exit: exit.usage,
      message: `The tasks can't be written there: ${messageOf(error)}.`,
      hint: 'swarm task export tasks.json',
      details: { file },
    });
  }
}

/** `12 tasks are on the board now; 3 were already.` */
export function renderImported({ added, unchanged }: Imported): string {
  const tasks = (count: number) => `${count} ${count === 1 ? 'task' : 'tasks'}`;
  if (added.length === 0 && unchanged.length === 0) return 'There are no tasks in it.';
  const were = unchanged.length === 1 ? 'was' : 'were';
  if (added.length === 0) return `Nothing new: ${tasks(unchanged.length)} of it ${were} on the board already.`;
  const more = unchanged.length === 0 ? '' : `; ${unchanged.length} ${were} there already`;
  return `${tasks(added.length)} put on the board${more}.`;
}
