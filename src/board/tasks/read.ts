import type { TaskRow } from '../../store/board-schema.ts';
import type { Board } from '../context.ts';
import { namesOf } from '../roster.ts';
import { noSuchTask } from './refusals.ts';
import type { Task, TaskContext, TaskResult, TaskStatus } from './types.ts';

export interface TaskFilter {
  readonly status?: readonly TaskStatus[];
  /** Participant's id. */
  readonly claimedBy?: string;
  /** Participant's id: who holds it, or held it last, whatever became of it. */
  readonly lastBy?: string;
}

/** Tasks in the order in which they would be claimed: by priority, then age. */
export async function listTasks(board: Board, filter: TaskFilter = {}): Promise<Task[]> {
  let query = board.db.selectFrom('tasks').selectAll().orderBy('priority').orderBy('seq');
  if (filter.status !== undefined) query = query.where('status', 'in', filter.status);
  if (filter.claimedBy !== undefined) query = query.where('claimed_by', '=', filter.claimedBy);
  if (filter.lastBy !== undefined) query = query.where('last_by', '=', filter.lastBy);
  return tasksFrom(board, await query.execute());
}

/** @throws UserError exit 3 when there is none. */
export async function readTask(board: Board, id: string): Promise<Task> {
  const [task] = await tasksFrom(board, [await rowOf(board, id)]);
  if (task === undefined) throw await noSuchTask(board, id);
  return task;
}

/** The full id of a task that somebody may have named. @throws UserError exit 3 when there is none. */
export async function fullTaskId(board: Board, id: string | undefined): Promise<string | undefined> {
  return id === undefined ? undefined : (await rowOf(board, id)).id;
}

/** Tasks by their full ids, in that order; those that there are. */
export async function readTasks(board: Board, ids: readonly string[]): Promise<Task[]> {
  const tasks = new Map((await listTasks(board)).map((task) => [task.id, task]));
  return ids.flatMap((id) => tasks.get(id) ?? []);
}

/** The row that `001`, `1` or `task-001` names. @throws UserError exit 3 when there is none. */
export async function rowOf(board: Board, id: string): Promise<TaskRow> {
  const read = (one: string) => board.db.selectFrom('tasks').selectAll().where('id', '=', one).executeTakeFirst();
  const row = (await read(id)) ?? (/^\d+$/.test(id) ? await read(taskId(Number(id))) : undefined);
  if (row === undefined) throw await noSuchTask(board, id);
  return row;
}

/** `task-001`. */
export function taskId(number: number): string {
  return `task-${String(number).padStart(3, '0')}`;
}

/** Rows as everybody sees them. */
export async function tasksFrom(board: Board, rows: readonly TaskRow[]): Promise<Task[]> {
  if (rows.length === 0) return [];
  // One task is asked for by its id; of many, all are read: there is a limit on what a query can name.
  const only = rows.length === 1 ? rows[0]?.id : undefined;
  const [name, dependencies, scopes, needs] = await Promise.all([
    namesOf(board),
    several(board, 'task_dependencies', 'depends_on', only),
    several(board, 'task_scopes', 'pattern', only),
    several(board, 'task_needs', 'capability', only),
  ]);
  const unmet = await unmetOf(board, rows, dependencies);
  return rows.map((row) => ({
    id: row.id,
    description: row.description,
    status: row.status,
    priority: row.priority,
    dependencies: dependencies.get(row.id) ?? [],
    context: JSON.parse(row.context) as TaskContext,
    scope: scopes.get(row.id) ?? [],
    needs: needs.get(row.id) ?? [],
    claimedBy: row.claimed_by === null ? null : name(row.claimed_by),
    attempt: row.attempt,
    strandings: row.strandings,
    leaseUntil: row.lease_until,
    result: row.result === null ? null : (JSON.parse(row.result) as TaskResult),
    reason: row.status === 'blocked' ? blockedBy(row, unmet.get(row.id) ?? []) : row.reason,
    createdBy: name(row.created_by),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    doneAt: row.done_at,
    version: row.version,
  }));
}

function blockedBy(row: TaskRow, unmet: readonly string[]): string | null {
  const waits = unmet.length === 0 ? [] : [`waits for ${unmet.join(', ')}`];
  return [...(row.held === null ? [] : [row.held]), ...waits].join('; ') || row.reason;
}

/** Dependencies that are not done, of the blocked ones: a failed one says so, since nobody will finish it. */
async function unmetOf(
  board: Board,
  rows: readonly TaskRow[],
  dependencies: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, string[]>> {
  const blocked = rows.filter(({ status }) => status === 'blocked');
  if (blocked.length === 0) return new Map();
  const open = await board.db.selectFrom('tasks').select(['id', 'status']).where('status', '!=', 'done').execute();
  const status = new Map(open.map((one) => [one.id, one.status]));
  const shown = (id: string) => (status.get(id) === 'failed' ? `${id} (failed)` : id);
  return new Map(
    blocked.map(({ id }) => [id, (dependencies.get(id) ?? []).filter((one) => status.has(one)).map(shown)]),
  );
}

async function several<T extends 'task_dependencies' | 'task_scopes' | 'task_needs'>(
  board: Board,
  table: T,
  column: 'depends_on' | 'pattern' | 'capability',
  only: string | undefined,
): Promise<Map<string, string[]>> {
  const rows = await pairs(board, table, only);
  const lists = new Map<string, string[]>();
  for (const row of rows) {
    const list = lists.get(row.task_id) ?? [];
    list.push(String(row[column as keyof typeof row]));
    lists.set(row.task_id, list);
  }
  return lists;
}

function pairs(board: Board, table: 'task_dependencies' | 'task_scopes' | 'task_needs', only: string | undefined) {
  const all = board.db.selectFrom(table).selectAll().orderBy('task_id');
  return (only === undefined ? all : all.where('task_id', '=', only)).execute();
}
