import { fileTask } from './file-task.ts';
import { GUIDE } from './guide.ts';
import type { Memory } from './memory.ts';
import type { FileMessage, Snapshot } from './snapshot.ts';
import { stateFiles } from './state-files.ts';
import { type Halves, TASKS_FILE } from './take-tasks.ts';
import { DISCOVERIES_FILE, PLAN_FILE } from './take-texts.ts';
import { discoveriesText, planText } from './texts.ts';
import type { Content } from './types.ts';

export const GUIDE_FILE = 'README.md';

/** What each of the mirror's files is to hold (S1-9..15, S0-30..33), but for results and logs. */
export function layoutOf(board: Snapshot, memory: Memory, halves: Halves): Map<string, Content> {
  const tasks = memory.tasksFor(board.tasks.map(fileTask));
  const shown = tasks.map((task) => ({ ...task, ...halves.get(task.id) }));
  const files = new Map<string, Content>([
    [GUIDE_FILE, GUIDE],
    // In the order in which they were made: an editor finds its own where it put them.
    [TASKS_FILE, { tasks: shown.sort((a, b) => (memory.known.since[a.id] ?? 0) - (memory.known.since[b.id] ?? 0)) }],
    [DISCOVERIES_FILE, discoveriesText(discoveriesOf(board))],
    ...stateFiles(board),
  ]);
  if (board.plan !== null) files.set(PLAN_FILE, planText(board.plan));
  for (const message of board.messages) files.set(message.file, messageDocument(message));
  return files;
}

/** What the team has found out. */
export function discoveriesOf({ memory }: Pick<Snapshot, 'memory'>): string[] {
  return memory.filter(({ owner, kind }) => owner === null && kind === 'discoveries').map(({ text }) => text);
}

/** A message in the seeds' form (S0-17, S0-18), with what swarm knows beside that. */
function messageDocument(message: FileMessage): Content {
  const { id, from, to, type, taskId, payload, priority, text, state, replyTo, createdAt } = message;
  const worker = message.file.includes('/master-to-worker/') ? to : from;
  const timestamp = Date.parse(createdAt);
  return { id, type, workerId: worker, taskId, payload, timestamp, from, to, priority, text, state, replyTo };
}
