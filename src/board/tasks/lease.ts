import { shortDuration } from '../../lib/duration.ts';
import type { TaskRow } from '../../store/board-schema.ts';
import type { Board } from '../context.ts';
import { recordEvent } from '../events.ts';
import { SWARM } from '../participants.ts';
import { namesOf } from '../roster.ts';
import { recount } from './links.ts';
import { readTask } from './read.ts';
import { changeTasks } from './transaction.ts';
import type { Task } from './types.ts';

/** A share of the lease: for longer, signs of life are not written down again. */
const GRAIN = 1 / 20;

/** A sign of life of a participant: what it holds stays its own for another lease. */
export async function renewLeases({ db, lease }: Board, participantId: string, now = Date.now()): Promise<void> {
  const until = new Date(now + lease).toISOString();
  const old = new Date(now + lease * (1 - GRAIN)).toISOString();
  await db
    .updateTable('tasks')
    .set({ lease_until: until })
    .where('claimed_by', '=', participantId)
    .where('status', '=', 'claimed')
    .where('lease_until', '<', old)
    .execute();
}

/**
 * Gives back what nobody has renewed in time. Agents only with `agents`: their life is seen by the supervisor, which has
 * renewed the living ones first; nobody else can tell.
 */
export async function expireLeases(board: Board, { agents }: { readonly agents: boolean }): Promise<Task[]> {
  const now = new Date().toISOString();
  const expired = board.db
    .selectFrom('tasks')
    .selectAll()
    .where('status', '=', 'claimed')
    .where('lease_until', '<', now);
  const rows = await (agents
    ? expired
    : expired.where((eb) =>
        eb.not(eb.exists(eb.selectFrom('agents').select('agents.id').whereRef('agents.id', '=', 'claimed_by'))),
      )
  ).execute();
  return rows.length === 0
    ? []
    : requeue(board, rows, true, (name) => `${name} gave no sign of life for ${shortDuration(board.lease)}`);
}

/** Gives back all that a participant holds, and says why. `stranded`: it died; nobody has taken its tasks from it. */
export async function releaseAllOf(
  board: Board,
  participantId: string,
  why: string,
  { stranded = false } = {},
): Promise<Task[]> {
  const rows = await board.db
    .selectFrom('tasks')
    .selectAll()
    .where('status', '=', 'claimed')
    .where('claimed_by', '=', participantId)
    .execute();
  return rows.length === 0 ? [] : requeue(board, rows, stranded, () => why);
}

/**
 * Puts claimed tasks back into the queue, each only if it still is as it was seen. What it waits for may be another than when
 * it was claimed: then it is blocked.
 */
function requeue(
  board: Board,
  rows: readonly TaskRow[],
  stranded: boolean,
  why: (owner: string) => string,
): Promise<Task[]> {
  return changeTasks(board, async (within) => {
    const name = await namesOf(within);
    const back: Task[] = [];
    for (const { id, attempt, claimed_by: owner, lease_until: until } of rows) {
      const by = name(owner ?? '');
      const row = await within.db
        .updateTable('tasks')
        .set((eb) => ({
          status: 'available' as const,
          claimed_by: null,
          claimed_at: null,
          lease_until: null,
          reason: why(by),
          strandings: eb('strandings', '+', stranded ? 1 : 0),
          updated_at: new Date().toISOString(),
          version: eb('version', '+', 1),
        }))
        .where('id', '=', id)
        .where('status', '=', 'claimed')
        .where('attempt', '=', attempt)
        .where('lease_until', '=', until)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) continue;
      const data = { task: id, attempt, reason: row.reason, ...(stranded ? { by: SWARM.name } : {}) };
      await recordEvent(within.db, by, 'task-released', data);
      await recount(within.db, [id]);
      back.push({ ...(await readTask(within, id)), reason: row.reason });
    }
    return back;
  });
}
