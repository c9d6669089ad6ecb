import type { TaskRow } from '../../store/board-schema.ts';
import type { SessionDb } from '../../store/open.ts';
import type { Board } from '../context.ts';
import { recordEvent } from '../events.ts';
import { enter, type Participant } from '../participants.ts';
import { expireLeases } from './lease.ts';
import { patternsInUse } from './overlaps.ts';
import { rowOf, tasksFrom } from './read.ts';
import { changeTasks } from './transaction.ts';
import type { Task } from './types.ts';
import { whyNone, whyNot } from './why.ts';

export interface ClaimOptions {
  /** This one; default: the first that can be claimed, by priority, then age. */
  readonly id?: string | undefined;
  /** What whoever claims is capable of, beside its role and agent CLI. */
  readonly capabilities?: readonly string[] | undefined;
}

/** A task, or why there is none. */
export type Claim = { readonly task: Task; readonly reason: null } | { readonly task: null; readonly reason: string };

/**
 * Claims a task: of any number of callers exactly one gets it, and nobody gets one whose dependencies are not done or
 * whose files a running task may touch. Who holds one already and asks for any gets that one again: its answer may have
 * been lost on the way.
 * @throws UserError exit 3 for an id that is no task.
 */
export async function claimTask(board: Board, by: Participant, options: ClaimOptions = {}): Promise<Claim> {
  await expireLeases(board, { agents: false });
  // Known by name also when it is gone.
  await enter(board, by);
  const can = [...new Set([...by.capabilities, ...(options.capabilities ?? [])])];
  const id = options.id === undefined ? undefined : (await rowOf(board, options.id)).id;
  return changeTasks(board, async (within) => {
    const held = await heldBy(within.db, by, id);
    const row = held ?? (await take(within, by, can, id));
    if (row === undefined) {
      return { task: null, reason: id === undefined ? await whyNone(within, can) : await whyNot(within, id, can) };
    }
    if (held === undefined)
      await recordEvent(within.db, by.name, 'task-claimed', { task: row.id, attempt: row.attempt });
    const [task] = await tasksFrom(within, [row]);
    return { task: task as Task, reason: null };
  });
}

/** The task that the caller asks for and holds already. */
function heldBy(db: SessionDb, by: Participant, id: string | undefined): Promise<TaskRow | undefined> {
  const mine = db.selectFrom('tasks').selectAll().where('status', '=', 'claimed').where('claimed_by', '=', by.id);
  return (id === undefined ? mine.orderBy('claimed_at') : mine.where('id', '=', id)).limit(1).executeTakeFirst();
}

/** The claim itself: one statement, so that no two can get the same. */
function take({ db, lease }: Board, by: Participant, can: readonly string[], id: string | undefined) {
  const now = new Date();
  return db
    .updateTable('tasks')
    .set((eb) => ({
      status: 'claimed' as const,
      claimed_by: by.id,
      last_by: by.id,
      claimed_at: now.toISOString(),
      updated_at: now.toISOString(),
      lease_until: new Date(now.getTime() + lease).toISOString(),
      attempt: eb('attempt', '+', 1),
      version: eb('version', '+', 1),
      reason: null,
    }))
    .where('id', '=', (eb) => {
      const claimable = eb
        .selectFrom('tasks as t')
        .select('t.id')
        .where('t.status', '=', 'available')
        .where('t.waiting_on', '=', 0)
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('task_needs as n')
                .select('n.task_id')
                .whereRef('n.task_id', '=', 't.id')
                .where('n.capability', 'not in', can),
            ),
          ),
        )
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('task_scopes as s')
                .select('s.task_id')
                .whereRef('s.task_id', '=', 't.id')
                .where('s.pattern', 'in', patternsInUse(db)),
            ),
          ),
        );
      const one = id === undefined ? claimable : claimable.where('t.id', '=', id);
      return one.orderBy('t.priority').orderBy('t.seq').limit(1);
    })
    .where('status', '=', 'available')
    .returningAll()
    .executeTakeFirst();
}
