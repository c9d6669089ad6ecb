import type { Claim } from '../board/tasks/claim.ts';
import type { TaskEvent } from '../board/tasks/history.ts';
import type { Task, TaskStatus } from '../board/tasks/types.ts';
import { exit } from '../lib/errors.ts';
import { oneLine, plainLine, stripControls } from '../lib/text.ts';
import { paint } from './output.ts';
import { table } from './table.ts';
import { ageOf, clock } from './times.ts';

const COLOURS = { available: 'cyan', claimed: 'yellow', done: 'green', failed: 'red', blocked: 'dim' } as const;

/** A task's status in its colour. */
const paintTask = (status: TaskStatus, text: string = status): string => paint(COLOURS[status], text);

/** Tasks as a table, with a line that counts them; a sentence when there are none. */
export function renderTasks(tasks: readonly Task[]): string {
  if (tasks.length === 0) return 'No tasks.';
  const columns = [
    { title: 'TASK' },
    { title: 'STATUS' },
    { title: 'PRIO', align: 'right', drops: 2 },
    { title: 'WHO', drops: 1 },
    { title: 'AGE', align: 'right', drops: 3 },
    { title: 'DESCRIPTION', shrinks: true },
  ] as const;
  const rows = tasks.map((task) => [
    task.id,
    paintTask(task.status),
    String(task.priority),
    task.claimedBy ?? '',
    ageOf(task.createdAt),
    oneLine(task.reason === null ? task.description : `${task.description} (${task.reason})`, 200),
  ]);
  return `${table(columns, rows)}\n${counted(tasks)}`;
}

/** `3 tasks: 1 available, 2 done`. */
function counted(tasks: readonly Task[]): string {
  const counts = Object.entries(Object.groupBy(tasks, ({ status }) => status)).map(
    ([status, some]) => `${some.length} ${status}`,
  );
  return `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}: ${counts.join(', ')}`;
}

/** One task in full, with its history. */
export function renderTask(task: Task, history: readonly TaskEvent[] = []): string {
  const { result } = task;
  const facts: readonly (readonly [string, string])[] = [
    ['status', paintTask(task.status) + (task.reason === null ? '' : `: ${plainLine(task.reason)}`)],
    ['priority', String(task.priority)],
    ['claimed by', task.claimedBy === null ? '' : `${task.claimedBy} (attempt ${task.attempt})`],
    ['after', task.dependencies.join(', ')],
    ['files', task.context.files.map(plainLine).join(', ')],
    ['changes', task.scope.map(plainLine).join(', ')],
    ['needs', task.needs.map(plainLine).join(', ')],
    ['hints', plainLine(task.context.hints)],
    [
      'result',
      result === null ? '' : `${plainLine(result.summary)}${result.commit ? ` (${result.commit.slice(0, 12)})` : ''}`,
    ],
    ['made by', `${task.createdBy}, ${ageOf(task.createdAt)} ago`],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.flatMap(([name, value]) => (value === '' ? [] : [`${name.padEnd(width)}  ${value}`]));
  return [
    `${paint('bold', task.id)}  ${stripControls(task.description)}`,
    '',
    ...lines,
    ...renderHistory(history),
  ].join('\n');
}

function renderHistory(history: readonly TaskEvent[]): string[] {
  if (history.length === 0) return [];
  const lines = history.map(({ at, agent, type, data }) => {
    const why = data['reason'] ?? data['summary'];
    const words = typeof why === 'string' ? `: ${oneLine(why, 100)}` : '';
    const by = typeof data['by'] === 'string' && data['by'] !== agent ? ` (by ${data['by']})` : '';
    return `${clock(at)}  ${type.replace('task-', '')} ${agent ?? ''}${by}${words}`;
  });
  return ['', ...lines];
}

/** What a change came to: `task-001 is done`. */
export function renderChanged(task: Task): string {
  return `${task.id} is ${paintTask(task.status)}${task.reason === null ? '' : `: ${oneLine(task.reason, 200)}`}`;
}

/** What was claimed, in full: it is what is to be done now. */
export function renderClaim({ task, reason }: Claim): string {
  return task === null ? `Nothing to claim: ${reason}.` : renderTask(task);
}

/** A claim of one certain task that did not get it is a refusal; nothing to claim at all is an answer. */
export function exitOfClaim({ task }: Claim, asked: string | undefined): number {
  return task === null && asked !== undefined ? exit.refused : exit.done;
}
