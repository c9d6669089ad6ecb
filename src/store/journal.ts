import { randomUUID } from 'node:crypto';
import { isAlive, ownIdentity } from '../process/identity.ts';
import type { SessionDb } from './open.ts';
import type { OperationRow } from './schema.ts';

/**
 * The journal: what an operation is about to do is on disk before it is done, so that `swarm repair` can finish or undo
 * it after a kill -9. A step is `begun` before its effect and `done` after it; steps must be safe to run again.
 */
export interface Operation {
  readonly id: string;
  /**
   * Runs one step. `effect` answers what later steps or a repair must know (stored as JSON), or undefined.
   * Children that outlive a killed swarm are found by `SWARM_OP=<id>` in their environment.
   */
  step<T>(name: string, effect: () => Promise<T>): Promise<T>;
  /** Adds to the operation's data, before the step that depends on it. */
  note(data: Readonly<Record<string, unknown>>): Promise<void>;
  finish(outcome: 'done' | 'undone' | 'failed'): Promise<void>;
}

/** An operation as found on disk. */
export interface RecordedOperation {
  readonly id: string;
  readonly kind: string;
  readonly agentId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly steps: ReadonlyMap<string, { readonly state: 'begun' | 'done'; readonly data: unknown }>;
  readonly createdAt: string;
}

/** Opens an operation in the journal. */
export async function beginOperation(
  db: SessionDb,
  kind: string,
  agentId: string | null,
  data: Readonly<Record<string, unknown>>,
): Promise<Operation> {
  const id = randomUUID();
  const me = await ownIdentity();
  await db
    .insertInto('operations')
    .values({
      id,
      kind,
      agent_id: agentId,
      data: JSON.stringify(data),
      pid: me.pid,
      pid_start: me.start,
      created_at: new Date().toISOString(),
      finished_at: null,
      outcome: null,
    })
    .execute();
  return operation(db, kind, id);
}

/** Makes this process the owner of an operation whose owner died. Null when somebody else was quicker or it lives. */
export async function takeOver(db: SessionDb, id: string): Promise<Operation | null> {
  const row = await db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row || row.finished_at !== null || (await isAlive({ pid: row.pid, start: row.pid_start }))) return null;
  const me = await ownIdentity();
  const taken = await db
    .updateTable('operations')
    .set({ pid: me.pid, pid_start: me.start })
    .where('id', '=', id)
    .where('pid', '=', row.pid)
    .where('finished_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return taken ? operation(db, row.kind, id) : null;
}

/** Operations that never finished and whose owner is dead, oldest first. */
export async function interruptedOperations(db: SessionDb): Promise<RecordedOperation[]> {
  const rows = await db
    .selectFrom('operations')
    .selectAll()
    .where('finished_at', 'is', null)
    .orderBy('created_at')
    .execute();
  const dead: RecordedOperation[] = [];
  for (const row of rows) {
    if (!(await isAlive({ pid: row.pid, start: row.pid_start }))) dead.push(await recorded(db, row));
  }
  return dead;
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

function operation(db: SessionDb, kind: string, id: string): Operation {
  const mark = async (name: string, state: 'begun' | 'done', data: unknown) => {
    const row = { operation_id: id, name, state, data: JSON.stringify(data ?? null), at: new Date().toISOString() };
    await db
      .insertInto('steps')
      .values(row)
      .onConflict((oc) => oc.columns(['operation_id', 'name']).doUpdateSet(row))
      .execute();
  };
  return {
    id,
    async step(name, effect) {
      await mark(name, 'begun', null);
      crashPoint(`${kind}:${name}:begun`);
      const result = await effect();
      crashPoint(`${kind}:${name}:effect`);
      await mark(name, 'done', result);
      crashPoint(`${kind}:${name}:done`);
      return result;
    },
    async note(data) {
      await db.transaction().execute(async (tx) => {
        const row = await tx.selectFrom('operations').select('data').where('id', '=', id).executeTakeFirstOrThrow();
        const merged = JSON.stringify({ ...JSON.parse(row.data), ...data });
        await tx.updateTable('operations').set({ data: merged }).where('id', '=', id).execute();
      });
    },
    async finish(outcome) {
      const done = { finished_at: new Date().toISOString(), outcome };
      await db.updateTable('operations').set(done).where('id', '=', id).execute();
    },
  };
}

/** Dies as a kill -9 would at the named point when `SWARM_CRASH_AT` asks for it: how tests break the world on purpose. */
function crashPoint(point: string): void {
  if (process.env['SWARM_CRASH_AT'] === point) process.kill(process.pid, 'SIGKILL');
}
