import type { Session } from '../../agents/session.ts';
import type { QueueRow } from './entries.ts';

/**
 * Whose turn it is among the merges into a branch, or into any: of those that wait, by priority and then age, the first
 * for whose tasks nothing is missing that another waiting merge would bring. Null when there is none.
 */
export async function nextTurn(
  { db }: Session,
  passed: ReadonlySet<number>,
  into: string | null = null,
): Promise<QueueRow | null> {
  const waiting = await db
    .selectFrom('merge_queue')
    .selectAll()
    .where('state', 'in', ['queued', 'running', 'rework'])
    .orderBy('priority')
    .orderBy('id')
    .execute();
  const first = await dependsOn({ db });
  const able = waiting.filter(
    ({ id, state, into_branch: to }) => state !== 'rework' && !passed.has(id) && (into === null || to === into),
  );
  const awaited = (row: QueueRow) =>
    waiting.some((other) => other.id !== row.id && first.get(row.agent_id)?.has(other.agent_id));
  // Agents whose tasks wait for each other's can't be put into an order: then age decides.
  return able.find((row) => !awaited(row)) ?? able.find(({ agent_id: id }) => inRing(id, first)) ?? null;
}

/** For each agent those whose tasks its own tasks depend on. */
async function dependsOn({ db }: Pick<Session, 'db'>): Promise<Map<string, Set<string>>> {
  const rows = await db
    .selectFrom('task_dependencies')
    .innerJoin('tasks as mine', 'mine.id', 'task_dependencies.task_id')
    .innerJoin('tasks as theirs', 'theirs.id', 'task_dependencies.depends_on')
    .select(['mine.last_by as agent', 'theirs.last_by as first'])
    .execute();
  const map = new Map<string, Set<string>>();
  for (const { agent, first } of rows) {
    if (agent === null || first === null || agent === first) continue;
    map.set(agent, (map.get(agent) ?? new Set()).add(first));
  }
  return map;
}

function inRing(start: string, first: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>();
  const open = [...(first.get(start) ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === start) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(first.get(id) ?? []));
  }
  return false;
}
