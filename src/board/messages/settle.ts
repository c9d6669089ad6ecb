import { isAlive } from '../../process/identity.ts';
import { ring } from '../bell.ts';
import { type Board, transact } from '../context.ts';
import { recordEvent } from '../events.ts';
import { namesOf } from '../roster.ts';
import type { StoredMessage } from './types.ts';

const WAITING = ['queued', 'delivered'] as const;

/**
 * Ends what time or a death has ended: messages whose time is up become `expired`, and those that were being typed by
 * somebody who died, or doesn't come to an end, `unknown`. Of one inbox, or of all.
 * @returns whether anything changed.
 */
export async function settleInbox(board: Board, toId?: string): Promise<boolean> {
  const due = await overdue(board, toId);
  if (due.length === 0) return false;
  const settled = await transact(board, async (within) => {
    const nameOf = await namesOf(within);
    const changed = await Promise.all(due.map((row) => settle(within, row, nameOf)));
    return changed.includes(true);
  });
  if (settled) ring(board, ...due.flatMap(({ from_id, to_id }) => [from_id, to_id]));
  return settled;
}

/** Messages whose time is up become `expired`: nobody is handed them any more. */
export async function expireMessages(board: Board): Promise<boolean> {
  return settleInbox(board);
}

async function overdue({ db }: Board, toId: string | undefined): Promise<StoredMessage[]> {
  const now = new Date().toISOString();
  const all = db
    .selectFrom('messages')
    .selectAll()
    .where((eb) => eb.or([eb('holder', 'is not', null), eb('expires_at', '<=', now)]));
  const rows = await (toId === undefined
    ? // A question that was seen and not answered in time is of no use either.
      all.where((eb) => eb.or([eb('state', 'in', WAITING), eb.and({ state: 'seen', type: 'QUESTION' })]))
    : all.where('to_id', '=', toId).where('state', 'in', WAITING)
  ).execute();
  const held = await Promise.all(rows.map(isHeld));
  return rows.filter((_, index) => !held[index]);
}

/** Whether somebody who lives is typing it: a holder is known by its process, and believed for a while only. */
async function isHeld({ holder, holder_until: until }: StoredMessage): Promise<boolean> {
  if (holder === null || until === null || until <= new Date().toISOString()) return false;
  return isAlive(processOf(holder));
}

/** `PID START TOKEN`, as {@link holderName} made it; the start may hold spaces. */
function processOf(holder: string): { pid: number; start: string | null } {
  const [pid = '', ...rest] = holder.split(' ');
  return { pid: Number(pid), start: rest.slice(0, -1).join(' ') || null };
}

async function settle({ db }: Board, row: StoredMessage, nameOf: (id: string) => string): Promise<boolean> {
  const typed = row.holder !== null;
  const one = db
    .updateTable('messages')
    .set(typed ? { state: 'unknown', holder: null, holder_until: null } : { state: 'expired' })
    .where('id', '=', row.id)
    .where('state', '=', row.state);
  const same = typed ? one.where('holder', '=', row.holder) : one.where('holder', 'is', null);
  if ((await same.returning('id').executeTakeFirst()) === undefined) return false;
  const reason = typed ? 'whoever typed it ended before it was seen to arrive' : 'nobody read it in time';
  await recordEvent(db, nameOf(row.to_id), typed ? 'message-unknown' : 'message-expired', { ids: [row.id], reason });
  return true;
}
