import { exit, UserError } from '../../lib/errors.ts';
import type { Board } from '../context.ts';
import { recordEvent } from '../events.ts';
import { participantNamed } from '../named.ts';
import type { Participant } from '../participants.ts';
import { addTasks } from './add.ts';
import { patchTask, type TaskPatch } from './change.ts';
import type { TaskEntry } from './file.ts';
import { recount } from './links.ts';
import { listTasks, readTasks, rowOf, taskId } from './read.ts';
import { changeTasks } from './transaction.ts';
import type { Task, TaskResult } from './types.ts';

/** What an import did. */
export interface Imported {
  readonly added: readonly Task[];
  /** Ids of tasks that were on the board as the file has them. */
  readonly unchanged: readonly string[];
}

/**
 * Takes tasks over with their ids, as far as they are; all of them, or none. Tasks that the board has already stay as they
 * are there, however far they are, as long as they ask for the same.
 * @throws UserError exit 2 for what can't be a task, 3 for an unknown dependency, 4 for an id that means something else here,
 * and for new tasks from who doesn't lead.
 */
export function importTasks(board: Board, by: Participant, entries: readonly TaskEntry[]): Promise<Imported> {
  requireOnce(entries);
  return changeTasks(board, async (within) => {
    const here = new Map((await listTasks(within)).map((task) => [task.id, task]));
    const known = new Set([...here.keys(), ...entries.flatMap(({ id }) => id ?? [])]);
    const wanted = entries.map((entry) => withDependencies(entry, known));
    const both = wanted.flatMap((entry) => {
      const task = here.get(entry.id ?? '');
      return task === undefined ? [] : [{ entry, task }];
    });
    requireSame(both.filter(({ entry, task }) => !asksTheSame(entry, task)).map(({ task }) => task.id));
    const fresh = wanted.filter(({ id }) => id === null || !here.has(id));
    const added = await addTasks(within, by, fresh.map(wishOf));
    for (const [index, entry] of fresh.entries()) await takeOver(within, by, added[index]?.id ?? '', entry);
    const ids = added.map(({ id }) => id);
    const mayWait = fresh.map(({ status, dependencies }) => status === 'blocked' || dependencies.length > 0);
    await recount(
      within.db,
      ids.filter((_, index) => mayWait[index]),
    );
    return { added: await readTasks(within, ids), unchanged: both.map(({ task }) => task.id) };
  });
}

const wishOf = ({ id, ...wish }: TaskEntry) => ({ ...wish, id: id ?? undefined });

/** Sets how far the task is. */
async function takeOver(board: Board, by: Participant, id: string, entry: TaskEntry): Promise<void> {
  const patch = {
    ...(await progressOf(board, by, entry)),
    ...(entry.createdAt ? { created_at: entry.createdAt } : {}),
  };
  if (Object.keys(patch).length === 0) return;
  const row = await rowOf(board, id);
  await patchTask(board, row, patch);
  if (entry.status !== 'available')
    await recordEvent(board.db, by.name, 'task-imported', { task: id, status: entry.status });
}

async function progressOf(board: Board, by: Participant, entry: TaskEntry): Promise<TaskPatch> {
  const { status, claimedBy, reason, attempt } = entry;
  const owner = claimedBy === null ? null : await participantNamed(board, claimedBy);
  if (status === 'failed') return { status, reason, attempt, last_by: owner?.id ?? null };
  if (status === 'done') {
    const at = entry.doneAt ?? new Date().toISOString();
    const { summary = 'Done before it was imported.', commit = null } = entry.result ?? {};
    const result: TaskResult = { summary, commit, by: entry.result?.by ?? owner?.name ?? by.name, at };
    const who = { claimed_by: owner?.id ?? null, last_by: owner?.id ?? null };
    return { status, ...who, attempt, result: JSON.stringify(result), done_at: at };
  }
  if (status === 'claimed' && owner !== null) {
    const now = new Date();
    const lease_until = new Date(now.getTime() + board.lease).toISOString();
    const claim = { claimed_by: owner.id, last_by: owner.id, claimed_at: now.toISOString(), lease_until };
    return { status, ...claim, attempt: Math.max(1, attempt) };
  }
  // What it waits for is counted from its dependencies; the rest is why somebody held it back.
  const held = (reason ?? '').replace(/(?:; )?waits for [^;]*$/, '');
  const holds = status === 'blocked' && (held !== '' || entry.dependencies.length === 0);
  return { ...(attempt > 0 ? { attempt } : {}), ...(holds ? { held: held || 'blocked where it came from' } : {}) };
}

/** The same task, whatever became of it. */
function asksTheSame(entry: TaskEntry, task: Task): boolean {
  const asked = ({ description, priority, dependencies, context, scope, needs }: Task | TaskEntry) =>
    JSON.stringify([
      description,
      priority,
      sorted(dependencies),
      context.files,
      context.hints,
      sorted(scope),
      sorted(needs),
    ]);
  return asked(entry) === asked(task);
}

const sorted = (words: readonly string[]) => [...new Set(words)].sort();

/** Dependencies by their full ids. @throws UserError exit 3 for one that is nowhere. */
function withDependencies(entry: TaskEntry, known: ReadonlySet<string>): TaskEntry {
  const dependencies = entry.dependencies.map((word) => {
    if (known.has(word)) return word;
    const id = /^\d+$/.test(word) ? taskId(Number(word)) : word;
    if (known.has(id)) return id;
    throw new UserError({
      code: 'NO_SUCH_TASK',
      exit: exit.notFound,
      message: `${entry.id ?? `'${entry.description}'`} depends on '${word}', which is neither among these tasks nor on the board.`,
      hint: 'swarm task list',
      details: { task: entry.id, dependency: word },
    });
  });
  return { ...entry, dependencies };
}

function requireOnce(entries: readonly TaskEntry[]): void {
  const ids = entries.flatMap(({ id }) => id ?? []);
  const seen = new Set<string>();
  const twice = ids.find((id) => seen.has(id) || !seen.add(id));
  if (twice === undefined) return;
  throw new UserError({
    code: 'TASK_TWICE',
    exit: exit.usage,
    message: `'${twice}' is there twice; each task needs an id of its own.`,
    hint: null,
    details: { task: twice },
  });
}

function requireSame(others: readonly string[]): void {
  if (others.length === 0) return;
  throw new UserError({
    code: 'TASK_EXISTS',
    exit: exit.refused,
    message: `The board has ${others.join(', ')} already, and there ${others.length === 1 ? 'it asks' : 'they ask'} for something else. Nothing was imported.`,
    hint: `swarm task show ${others[0]}`,
    details: { tasks: others },
  });
}
