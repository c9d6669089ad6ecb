import type { Board } from '../context.ts';
import { TEXT_LIMIT } from '../messages/limits.ts';
import { listTasks } from './read.ts';
import type { Task } from './types.ts';

/** Dependencies' results that are told: an agent's context is dear, and `swarm task show` tells the rest. */
const MOST = 10;

/** What to tell an agent that shall do a task: what it is, what it builds on, and how to report. */
export async function taskPrompt(board: Board, task: Task): Promise<string> {
  return [await aboutTask(board, task), howToReport(task)].join('\n');
}

/** The same as it fits into a message: of a task that is too long for one it says where the rest is. */
export async function assignmentText(board: Board, task: Task): Promise<string> {
  const [about, report] = [await aboutTask(board, task), howToReport(task)];
  const whole = [about, report].join('\n');
  if (Buffer.byteLength(whole) <= TEXT_LIMIT) return whole;
  const rest = ['…', `The rest: swarm task show ${task.id}`, report].join('\n');
  return `${startOf(about, TEXT_LIMIT - Buffer.byteLength(rest))}${rest}`;
}

async function aboutTask(board: Board, task: Task): Promise<string> {
  const { id, description, priority, context, scope, attempt } = task;
  const done = task.dependencies.length === 0 ? [] : await listTasks(board, { status: ['done'] });
  const builds = done.filter((one) => task.dependencies.includes(one.id)).slice(0, MOST);
  return [
    `${id} (priority ${priority}): ${description.trim()}`,
    ...(context.files.length === 0 ? [] : [`Files: ${context.files.join(', ')}`]),
    ...(context.hints.trim() === '' ? [] : [`Hints: ${context.hints.trim()}`]),
    ...(scope.length === 0 ? [] : [`Change only: ${scope.join(', ')}`]),
    ...(builds.length === 0 ? [] : ['It builds on:', ...builds.map(resultLine)]),
    // Somebody began it before: what there is of that is on a branch, or in the reason.
    ...(attempt > 1 && task.reason !== null ? [`It came back before: ${task.reason}`] : []),
  ].join('\n');
}

function howToReport({ id }: Task): string {
  return `You hold this task. Commit your work, then report it: swarm task complete ${id} "What was done." (or the tool complete_task). If it can't be done: swarm task fail ${id} "Why." (or fail_task).`;
}

/** As much of it as so many bytes hold, whole characters only. */
function startOf(text: string, bytes: number): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true });
}

function resultLine({ id, result }: Task): string {
  const commit = result?.commit ? ` (commit ${result.commit.slice(0, 12)})` : '';
  return `- ${id}: ${(result?.summary ?? 'done').replace(/\s+/g, ' ').slice(0, 300)}${commit}`;
}
