import { isAlive } from '../process/identity.ts';
import type { SessionDb } from './open.ts';
import type { OperationRow } from './schema.ts';

/** An operation as found on disk. */
export interface RecordedOperation {
  readonly id: string;
  readonly kind: string;
  readonly agentId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly steps: ReadonlyMap<string, { readonly state: 'begun' | 'done'; readonly data: unknown }>;
  readonly createdAt: string;
}

/** Operations that never finished and whose owner is dead, oldest first; of one agent, or of all. */
export function interruptedOperations(db: SessionDb, agentId?: string): Promise<RecordedOperation[]> {
  return unfinished(db, { alive: false, ...(agentId === undefined ? {} : { agentId }) });
}

/** Operations that run right now: what they make and take away is nobody else's business. */
export function livingOperations(db: SessionDb): Promise<RecordedOperation[]> {
  return unfinished(db, { alive: true });
}

/** Operations that were taken back, oldest first. */
export async function undoneOperations(db: SessionDb, kind: string): Promise<RecordedOperation[]> {
  const query = db.selectFrom('operations').selectAll().where('kind', '=', kind).where('outcome', '=', 'undone');
  const rows = await query.orderBy('created_at').execute();
  return Promise.all(rows.map((row) => recorded(db, row)));
}

/** Operations of a kind on an agent that came to their end, oldest first. */
export async function doneOperations(db: SessionDb, kind: string, agentId: string): Promise<RecordedOperation[]> {
  const query = db.selectFrom('operations').selectAll().where('kind', '=', kind).where('agent_id', '=', agentId);
  const rows = await query.where('outcome', '=', 'done').orderBy('created_at').execute();
  return Promise.all(rows.map((row) => recorded(db, row)));
}

/** Branches that an agent's merges went into, or were to: whether they have its work is for git to say. */
export async function mergeTargets(db: SessionDb, agentId: string): Promise<string[]> {
  const query = db.selectFrom('operations').select('data').where('kind', '=', 'merge').where('agent_id', '=', agentId);
  const targets = (await query.execute()).map(({ data }) => (JSON.parse(data) as { readonly into?: string }).into);
  return [...new Set(targets.filter((into) => into !== undefined))];
}

/** An operation as it stands in the journal. */
export async function readOperation(db: SessionDb, id: string): Promise<RecordedOperation> {
  return recorded(db, await db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
}

/** How far the newest step of this name got, over all operations on the agent; null when none began. */
export async function lastStep(db: SessionDb, agentId: string, name: string): Promise<'begun' | 'done' | null> {
  const step = await db
    .selectFrom('steps')
    .innerJoin('operations', 'operations.id', 'steps.operation_id')
    .select('steps.state')
    .where('operations.agent_id', '=', agentId)
    .where('steps.name', '=', name)
    .orderBy('steps.at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return step?.state ?? null;
}

async function unfinished(
  db: SessionDb,
  wanted: { readonly alive: boolean; readonly agentId?: string },
): Promise<RecordedOperation[]> {
  const all = db.selectFrom('operations').selectAll().where('finished_at', 'is', null).orderBy('created_at');
  const rows = await (wanted.agentId === undefined ? all : all.where('agent_id', '=', wanted.agentId)).execute();
  const found: RecordedOperation[] = [];
  for (const row of rows) {
    const alive = await isAlive({ pid: row.pid, start: row.pid_start });
    if (alive === wanted.alive) found.push(await recorded(db, row));
  }
  return found;
}

async function recorded(db: SessionDb, row: OperationRow): Promise<RecordedOperation> {
  const steps = await db.selectFrom('steps').selectAll().where('operation_id', '=', row.id).execute();
  return {
    id: row.id,
    kind: row.kind,
    agentId: row.agent_id,
    data: JSON.parse(row.data),
    steps: new Map(steps.map((step) => [step.name, { state: step.state, data: JSON.parse(step.data) }])),
    createdAt: row.created_at,
  };
}
