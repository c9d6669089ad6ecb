import { UserError } from '../../lib/errors.ts';
import type { TaskEntry } from '../tasks/file.ts';
import { importTasks } from '../tasks/import.ts';
import { FILES } from './actor.ts';
import type { TaskWish } from './diff.ts';
import { type Door, reject, viaFile } from './door.ts';
import type { FileTask } from './types.ts';

type Change = Extract<TaskWish, { kind: 'change' }>;

/**
 * Adds the tasks that a file has and the board has not; where one of them can't be, the others still come. Answers those
 * that are claimed or finished at once, as changes of the new tasks.
 */
export async function addFromFile(door: Door, wishes: readonly TaskWish[]): Promise<Change[]> {
  let left = [...wishes];
  const added: TaskWish[] = [];
  const add = async (some: readonly TaskWish[]) => {
    await importTasks(
      door.board,
      FILES,
      some.map(({ task }) => entryOf(task)),
    );
    for (const { task } of some) await viaFile(door, FILES.name, 'tasks.json', { task: task.id, edit: 'added' });
    added.push(...some);
  };
  // Together they may depend on each other in any order; if that fails, those first on which others depend.
  if (await succeeds(() => add(left))) left = [];
  while (left.length > 0) {
    const ids = new Set(left.map(({ task }) => task.id));
    const next = left.find(({ task }) => !task.dependencies.some((id) => ids.has(id)));
    const some = next === undefined ? left : [next];
    left = left.filter((wish) => !some.includes(wish));
    try {
      await add(some);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      for (const wish of some) refuse(door, wish, error);
    }
  }
  return added.flatMap(({ task, raw }) => {
    if (task.status !== 'claimed') return [];
    const base: FileTask = { ...task, status: 'available', claimed_by: null };
    return [{ kind: 'change' as const, base, task, raw }];
  });
}

function entryOf(task: FileTask): TaskEntry {
  const { claimed_by: claimedBy, ...rest } = task;
  // A claim is made as all claims are, once the task is there.
  const status = task.status === 'claimed' ? 'available' : task.status;
  return { ...rest, status, claimedBy, attempt: 0, result: null, createdAt: null, doneAt: null };
}

async function succeeds(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function refuse(door: Door, { task, raw }: TaskWish, { code, message, hint }: UserError): void {
  reject(door, 'tasks.json', { task: task.id, by: task.claimed_by, edit: raw, code, reason: message, hint });
}
