import type { SessionDb } from '../../store/open.ts';
import { cyclic } from './refusals.ts';

/** Refuses dependencies among which tasks wait for themselves. @throws UserError exit 2 naming the ring. */
export async function refuseCycles(db: SessionDb, changed: readonly string[]): Promise<void> {
  const rows = await db.selectFrom('task_dependencies').selectAll().execute();
  const edges = new Map<string, string[]>();
  for (const { task_id: id, depends_on: on } of rows) edges.set(id, [...(edges.get(id) ?? []), on]);
  const done = new Set<string>();
  for (const id of changed) {
    const ring = ringFrom(id, edges, done);
    if (ring !== null) throw cyclic(ring);
  }
}

/** A ring that is reached from a task, from its first member to itself again; null when there is none. */
function ringFrom(start: string, edges: ReadonlyMap<string, readonly string[]>, done: Set<string>): string[] | null {
  const path: string[] = [];
  const steps: { readonly id: string; at: number }[] = [{ id: start, at: 0 }];
  for (let top = steps.at(-1); top !== undefined; top = steps.at(-1)) {
    if (top.at === 0) path.push(top.id);
    const next = edges.get(top.id)?.[top.at++];
    if (next === undefined) {
      done.add(top.id);
      path.pop();
      steps.pop();
    } else if (path.includes(next)) return [...path.slice(path.indexOf(next)), next];
    else if (!done.has(next)) steps.push({ id: next, at: 0 });
  }
  return null;
}

/**
 * Counts again what these tasks wait for, and sets the status of those that nobody works on by it: `available` when
 * nothing holds them, else `blocked`. Those for which that comes to something else are changed by it.
 */
export async function recount(db: SessionDb, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const row = await db.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) continue;
    const { count } = await db
      .selectFrom('task_dependencies')
      .innerJoin('tasks', 'tasks.id', 'task_dependencies.depends_on')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('task_dependencies.task_id', '=', id)
      .where('tasks.status', '!=', 'done')
      .executeTakeFirstOrThrow();
    const waitingOn = Number(count);
    const isQueued = row.status === 'available' || row.status === 'blocked';
    const status = !isQueued ? row.status : row.held === null && waitingOn === 0 ? 'available' : 'blocked';
    if (status === row.status && waitingOn === row.waiting_on) continue;
    await db
      .updateTable('tasks')
      .set({ waiting_on: waitingOn, status, updated_at: new Date().toISOString(), version: row.version + 1 })
      .where('id', '=', id)
      .execute();
  }
}

/** Tasks that wait for this one. */
export async function dependentsOf(db: SessionDb, id: string): Promise<string[]> {
  const rows = await db.selectFrom('task_dependencies').select('task_id').where('depends_on', '=', id).execute();
  return rows.map((row) => row.task_id);
}
