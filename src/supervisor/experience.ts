import type { SessionDb } from '../store/open.ts';
import { type Experience, filesOf } from './assign.ts';

/** What these agents have worked on, by their ids, from the tasks that they held last. */
export async function experienceOf(db: SessionDb, agents: readonly string[]): Promise<Map<string, Experience>> {
  const known = new Map<string, { tasks: number; files: Set<string> }>();
  // Nobody to choose from: a long history isn't read for that.
  if (agents.length === 0) return known;
  const held = db.selectFrom('tasks').where('last_by', 'in', agents);
  const rows = await held.select(['id', 'last_by', 'context']).execute();
  const scopes = new Map<string, string[]>(rows.map(({ id }) => [id, []]));
  const patterns = await db.selectFrom('task_scopes').selectAll().where('task_id', 'in', held.select('id')).execute();
  for (const { task_id: id, pattern } of patterns) scopes.get(id)?.push(pattern);
  for (const { id, last_by: by, context } of rows) {
    const own = known.get(by ?? '') ?? { tasks: 0, files: new Set<string>() };
    own.tasks++;
    for (const file of filesOf({ context: JSON.parse(context), scope: scopes.get(id) ?? [] })) own.files.add(file);
    known.set(by ?? '', own);
  }
  return known;
}
