import { exit, UserError } from '../../lib/errors.ts';
import type { Board } from '../context.ts';
import { recordEvent } from '../events.ts';
import { enter, type Participant } from '../participants.ts';
import { namesOf } from '../roster.ts';
import { patchTask, requireAttempt, requireMineOrLead, requireOpen, UNCLAIMED } from './change.ts';
import { dependentsOf, recount } from './links.ts';
import { runningBeside } from './overlaps.ts';
import { readTask, rowOf } from './read.ts';
import { notALeader, touches } from './refusals.ts';
import { tellOfLoss } from './tell.ts';
import { changeTasks } from './transaction.ts';
import type { Task } from './types.ts';
import { checkReason } from './wish.ts';

/**
 * Gives a task back to the queue: a claimed one by whoever holds it or a leader; by a leader also one that failed, is held,
 * or was reported done and isn't. With `attempt` only if the task is at that still.
 * @throws UserError exit 3 or 4
 */
export function releaseTask(
  board: Board,
  by: Participant,
  id: string,
  reason: string | null,
  attempt?: number,
): Promise<Task> {
  return changeTasks(board, async (within) => {
    const row = await rowOf(within, id);
    await requireAttempt(within, row, attempt);
    if (row.status === 'available' || (row.status === 'blocked' && row.held === null)) throw nothingToRelease(row.id);
    if (row.status !== 'claimed' && !by.leads) throw notALeader(by, `put ${row.id} back into the queue`);
    await requireMineOrLead(within, by, row, 'release');
    const anew = by.leads ? { strandings: 0 } : {};
    const reopened = { status: 'available', held: null, reason, done_at: null, ...anew } as const;
    await patchTask(within, row, { ...reopened, ...UNCLAIMED, ...(row.status === 'claimed' ? {} : { result: null }) });
    await recordEvent(within.db, by.name, 'task-released', {
      task: row.id,
      attempt: row.attempt,
      from: row.status,
      reason,
    });
    await tellOfLoss(within, by, row, 'put it back into the queue', reason);
    const waiting = row.status === 'done' ? await dependentsOf(within.db, row.id) : [];
    await recount(within.db, [row.id, ...waiting]);
    return readTask(within, row.id);
  });
}

/**
 * Holds a task back, whoever has it: what it waits for is in the reason. With `attempt` only if it is at that still.
 * @throws UserError exit 3 or 4
 */
export function blockTask(board: Board, by: Participant, id: string, reason: string, attempt?: number): Promise<Task> {
  checkReason(id, 'block', reason);
  return changeTasks(board, async (within) => {
    const row = await rowOf(within, id);
    await requireOpen(within, row);
    await requireAttempt(within, row, attempt);
    await requireMineOrLead(within, by, row, 'block');
    await patchTask(within, row, { status: 'blocked', held: reason, ...UNCLAIMED });
    await recordEvent(within.db, by.name, 'task-blocked', { task: row.id, attempt: row.attempt, reason });
    await tellOfLoss(within, by, row, 'held it back', reason);
    return readTask(within, row.id);
  });
}

/**
 * Gives a task to somebody, whoever had it, unless it touches files of another that runs. Only a leader may. It tells nobody:
 * for who does that in its own words.
 * @throws UserError exit 3 or 4
 */
export async function reassignTask(board: Board, by: Participant, id: string, to: Participant): Promise<Task> {
  // Known by name also when it is gone.
  await enter(board, to);
  return changeTasks(board, async (within) => {
    const row = await rowOf(within, id);
    if (!by.leads) throw notALeader(by, `give ${row.id} to ${to.name}`);
    await requireOpen(within, row);
    if (row.waiting_on > 0) throw stillWaits(await readTask(within, row.id));
    // One that runs already changes hands, and no more run than before.
    const beside = row.status === 'claimed' ? [] : await runningBeside(within.db, row.id);
    if (beside.length > 0) throw touches(row.id, beside, await namesOf(within));
    const now = new Date();
    await patchTask(within, row, {
      status: 'claimed',
      held: null,
      reason: null,
      claimed_by: to.id,
      last_by: to.id,
      claimed_at: now.toISOString(),
      lease_until: new Date(now.getTime() + board.lease).toISOString(),
      attempt: row.attempt + 1,
    });
    const data = { task: row.id, attempt: row.attempt + 1, by: by.name };
    await recordEvent(within.db, to.name, 'task-claimed', data);
    return readTask(within, row.id);
  });
}

function nothingToRelease(id: string): UserError {
  return new UserError({
    code: 'NOT_CLAIMED',
    exit: exit.refused,
    message: `${id} is not claimed by anybody: there is nothing to give back.`,
    hint: `swarm task show ${id}`,
    details: { task: id },
  });
}

function stillWaits({ id, reason }: Task): UserError {
  return new UserError({
    code: 'TASK_BLOCKED',
    exit: exit.refused,
    message: `${id} can't be begun yet: it ${reason}.`,
    hint: 'swarm task graph',
    details: { task: id },
  });
}
