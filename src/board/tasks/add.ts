import type { SessionDb } from '../../store/open.ts';
import type { Board } from '../context.ts';
import { recordEvent } from '../events.ts';
import type { Participant } from '../participants.ts';
import { recount, refuseCycles } from './links.ts';
import { freeId, keepNext, nextNumber, requireFree } from './numbers.ts';
import { linkPatterns } from './overlaps.ts';
import { rowOf, taskId, tasksFrom } from './read.ts';
import { noSuchTask, notALeader } from './refusals.ts';
import { changeTasks } from './transaction.ts';
import { DEFAULT_PRIORITY, type Task, type TaskWish } from './types.ts';
import { checkWish } from './wish.ts';

/** A wish that may have an id of its own: of another board, or for others of the same call to depend on. */
export interface NamedWish extends TaskWish {
  readonly id?: string | undefined;
}

/** @throws UserError exit 2 for a wish that can't be one, 3 for a dependency that is no task. */
export async function addTask(board: Board, by: Participant, wish: TaskWish): Promise<Task> {
  const [task] = await addTasks(board, by, [wish]);
  return task as Task;
}

/** Adds all of them, or none. They may depend on each other, in any order. Only a leader may. */
export async function addTasks(board: Board, by: Participant, wishes: readonly NamedWish[]): Promise<Task[]> {
  if (!by.leads) throw notALeader(by, 'add tasks');
  for (const wish of wishes) checkWish(wish);
  const named = new Set(wishes.flatMap(({ id }) => id ?? []));
  return changeTasks(board, async (within) => {
    const { db } = within;
    const first = await nextNumber(db);
    const ids: string[] = [];
    for (const [index, wish] of wishes.entries()) {
      const id = wish.id === undefined ? await freeId(db, first + index, named) : await requireFree(db, wish.id);
      // Nobody means by a number the very task that is about to get it.
      const own =
        wish.id === undefined && wish.dependencies?.find((word) => word === id || taskId(Number(word)) === id);
      if (own) throw await noSuchTask(within, own);
      await insert(db, by, wish, id, first + index);
      ids.push(id);
    }
    await keepNext(db, first + wishes.length);
    for (const [index, wish] of wishes.entries()) await link(within, ids[index] ?? '', wish);
    if (wishes.some(({ dependencies }) => dependencies?.length)) {
      await refuseCycles(db, ids);
      await recount(db, ids);
    }
    const patterns = wishes.flatMap(({ scope = [] }) => scope);
    if (patterns.length > 0) await linkPatterns(db, patterns);
    for (const [index, { description }] of wishes.entries()) {
      await recordEvent(db, by.name, 'task-created', { task: ids[index], description });
    }
    const rows = await db.selectFrom('tasks').selectAll().where('seq', '>=', first).orderBy('seq').execute();
    return tasksFrom(within, rows);
  });
}

/** Writes what a task has several of, in place of what it had. */
export async function link(
  board: Board,
  id: string,
  wish: Pick<TaskWish, 'dependencies' | 'needs' | 'scope'>,
): Promise<void> {
  const { db } = board;
  if (wish.dependencies !== undefined) {
    await db.deleteFrom('task_dependencies').where('task_id', '=', id).execute();
    for (const word of new Set(wish.dependencies)) {
      const { id: on } = await rowOf(board, word);
      await db
        .insertInto('task_dependencies')
        .values({ task_id: id, depends_on: on })
        .onConflict((c) => c.doNothing())
        .execute();
    }
  }
  if (wish.needs !== undefined) {
    await db.deleteFrom('task_needs').where('task_id', '=', id).execute();
    for (const capability of new Set(wish.needs)) {
      await db.insertInto('task_needs').values({ task_id: id, capability }).execute();
    }
  }
  if (wish.scope !== undefined) {
    await db.deleteFrom('task_scopes').where('task_id', '=', id).execute();
    for (const pattern of new Set(wish.scope))
      await db.insertInto('task_scopes').values({ task_id: id, pattern }).execute();
  }
}

async function insert(db: SessionDb, by: Participant, wish: TaskWish, id: string, seq: number): Promise<void> {
  const now = new Date().toISOString();
  await db
    .insertInto('tasks')
    .values({
      id,
      seq,
      description: wish.description,
      priority: wish.priority ?? DEFAULT_PRIORITY,
      status: 'available',
      held: null,
      waiting_on: 0,
      context: JSON.stringify({ files: wish.context?.files ?? [], hints: wish.context?.hints ?? '' }),
      claimed_by: null,
      claimed_at: null,
      last_by: null,
      attempt: 0,
      strandings: 0,
      lease_until: null,
      result: null,
      reason: null,
      created_by: by.id,
      created_at: now,
      updated_at: now,
      done_at: null,
      version: 1,
    })
    .execute();
}
