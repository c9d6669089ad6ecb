import { randomUUID } from 'node:crypto';
import { ownIdentity, type ProcessIdentity } from '../../process/identity.ts';
import { ring } from '../bell.ts';
import { type Board, transact } from '../context.ts';
import { recordEvent } from '../events.ts';
import { namesOf } from '../roster.ts';
import { settleInbox } from './settle.ts';
import { type Evidence, type Message, toMessage } from './types.ts';

/** A message that this process types onto an agent's screen. */
export interface HeldMessage extends Message {
  readonly holder: string;
}

/** Milliseconds for which somebody who lives is believed to be typing: typing and its proof are over in a fraction. */
const TYPING = 120_000;
/**
 * Milliseconds after which a message that was handed over by another door, and of which nothing shows that it was taken
 * in, may be typed as well: what an agent's tool was given when it was killed would wait for it to ask again.
 */
const STALE = 60_000;

/**
 * Takes the first message of an agent for typing it onto its screen; null when there is none. Nobody else gets it until
 * it is settled. If this process dies before that it is `unknown`, and never typed again: at most once.
 */
export async function takeForScreen(board: Board, agentId: string, by?: ProcessIdentity): Promise<HeldMessage | null> {
  await settleInbox(board, agentId);
  const now = Date.now();
  const next = () =>
    board.db
      .selectFrom('messages')
      .select('id')
      .where('to_id', '=', agentId)
      .where('holder', 'is', null)
      .where((eb) =>
        eb.or([
          eb('state', '=', 'queued'),
          eb.and([eb('state', '=', 'delivered'), eb('delivered_at', '<', new Date(now - STALE).toISOString())]),
        ]),
      )
      .orderBy('rank')
      .orderBy('seq')
      .limit(1);
  // Looking takes no lock, and mostly there is nothing.
  if ((await next().executeTakeFirst()) === undefined) return null;
  const { pid, start } = by ?? (await ownIdentity());
  const holder = `${pid} ${start ?? ''} ${randomUUID()}`;
  const row = await board.db
    .updateTable('messages')
    .set({ holder, holder_until: new Date(now + TYPING).toISOString() })
    .where('id', 'in', next())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  return { ...toMessage(row, await namesOf(board)), holder };
}

/**
 * Says how typing went. `seen`: the evidence shows that it arrived. `queued`: nothing was typed, it waits on. `unknown`:
 * it may have arrived.
 * @returns false when it was settled otherwise meanwhile: read through another door, say.
 */
export async function settleScreen(
  board: Board,
  message: HeldMessage,
  state: 'seen' | 'queued' | 'unknown',
  evidence: Evidence | null,
): Promise<boolean> {
  const now = new Date().toISOString();
  const free = { holder: null, holder_until: null };
  const settled = await transact(board, async ({ db }) => {
    const row = await db
      .updateTable('messages')
      .set(
        state === 'seen'
          ? { ...free, state, evidence, seen_at: now, delivered_at: message.deliveredAt ?? now }
          : { ...free, state: state === 'queued' ? message.state : state },
      )
      .where('id', '=', message.id)
      // One that took long counts as unknown meanwhile; who typed it knows better.
      .where((eb) => eb.or([eb('holder', '=', message.holder), eb('state', '=', 'unknown')]))
      .where('state', 'in', ['queued', 'delivered', 'unknown'])
      .returning('to_id')
      .executeTakeFirst();
    if (row === undefined) return null;
    if (state === 'seen') await recordEvent(db, message.to, 'message-seen', { ids: [message.id], evidence });
    if (state === 'unknown') await recordEvent(db, message.to, 'message-unknown', { ids: [message.id], evidence });
    return row;
  });
  if (settled !== null) ring(board, settled.to_id);
  return settled !== null;
}
