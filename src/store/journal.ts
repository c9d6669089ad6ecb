import { randomUUID } from 'node:crypto';
import { crashPoint } from '../lib/crash.ts';
import { exit, UserError } from '../lib/errors.ts';
import { isAlive, ownIdentity } from '../process/identity.ts';
import type { SessionDb } from './open.ts';
import { interruptedOperations } from './recorded.ts';

export { lastStep, type RecordedOperation, readOperation } from './recorded.ts';

/**
 * The journal: what an operation is about to do is on disk before it is done, so that `swarm repair` can finish or undo
 * it after a kill -9 at any moment. A step is `begun` before its effect and `done` after it; a repair knows no more than
 * that. So every step promises:
 *
 * - **Again.** It can be run again by another process, after any part of its effect, and then comes to the same end.
 * - **On disk.** What a repair needs (the operation's data, the agent's row, earlier steps' answers) is there before it
 *   begins; nothing that only this process knows decides what is done.
 * - **Its own.** What it makes carries the operation's id or the agent's (a worktree's lock, a branch's reflog, a
 *   window's mark): an undo takes away that, and never what somebody else made or worked on.
 * - **No strays.** What it starts ends by itself in a moment, or carries `SWARM_OP=<id>` in its environment: a repair
 *   ends that before it touches anything.
 * - **Names.** It takes a name (the agent's row, a port, a branch) before it makes what bears it, and gives the name
 *   back last: between two steps nobody else can come to own half of it.
 * - **One turn.** An operation is undone up to one certain step, and finished from there on. Whatever may refuse (work
 *   that would be lost, a hook that fails) comes before it.
 *
 * An operation's owner is a process, known by number and start time. A living owner's operation is left alone; a dead
 * one's is taken over by exactly one repair.
 */
export interface Operation {
  readonly id: string;
  /** Runs one step. What `effect` answers is kept (as JSON) for later steps and a repair. */
  step<T>(name: string, effect: () => Promise<T>): Promise<T>;
  /** Adds to the operation's data, before the step that depends on it. */
  note(data: Readonly<Record<string, unknown>>): Promise<void>;
  /** `done`: to its end. `undone`: nothing of it is left. `failed`: it stopped in between, and what it left is in order. */
  finish(outcome: 'done' | 'undone' | 'failed'): Promise<void>;
  /** Gives it up as it is: for a repair, also while this process lives. */
  leave(): Promise<void>;
}

/**
 * Opens an operation in the journal.
 * @throws UserError exit 4 when one on the same agent was interrupted: a repair that finished that one later would undo
 * what this one does.
 */
export async function beginOperation(
  db: SessionDb,
  kind: string,
  agentId: string | null,
  data: Readonly<Record<string, unknown>>,
): Promise<Operation> {
  const [before] = agentId === null ? [] : await interruptedOperations(db, agentId);
  if (before !== undefined) throw interrupted(before.kind, String(before.data['agent'] ?? 'the agent'));
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

/** In place of an owner's start time: no process has begun then. */
const NOBODY = 'left';

/** Makes this process the owner of an operation whose owner died. Null when somebody else was quicker or it lives. */
export async function takeOver(db: SessionDb, id: string): Promise<Operation | null> {
  const row = await db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row || row.finished_at !== null || (await isAlive({ pid: row.pid, start: row.pid_start }))) return null;
  const me = await ownIdentity();
  const mine = db.updateTable('operations').set({ pid: me.pid, pid_start: me.start }).where('id', '=', id);
  const { pid_start: start } = row;
  // Numbers come again: the start tells a dead owner from another repair that got its number.
  const taken = await (start === null ? mine.where('pid_start', 'is', null) : mine.where('pid_start', '=', start))
    .where('pid', '=', row.pid)
    .where('finished_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return taken ? operation(db, row.kind, id) : null;
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
    async leave() {
      await db.updateTable('operations').set({ pid_start: NOBODY }).where('id', '=', id).execute();
    },
  };
}

function interrupted(kind: string, agent: string): UserError {
  return new UserError({
    code: 'INTERRUPTED_BEFORE',
    exit: exit.refused,
    message: `A ${kind} of ${agent} was interrupted before it was through; that one comes first.`,
    hint: 'swarm repair',
    details: { agent, kind },
  });
}
