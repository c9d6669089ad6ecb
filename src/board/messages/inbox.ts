import { relaxed } from '../../store/relaxed.ts';
import { isTimely } from '../../store/timely.ts';
import { lookWhenRung, ring, type Waiting } from '../bell.ts';
import type { Board } from '../context.ts';
import { namesOf } from '../roster.ts';
import { settleInbox } from './settle.ts';
import { type Message, type MessageType, type StoredMessage, toMessage, UNSEEN } from './types.ts';

/** Whose inbox. */
export interface Reader {
  readonly id: string;
  readonly name: string;
}

export interface InboxOptions {
  /** At most so many; the others stay for the next time. */
  readonly limit?: number | undefined;
  readonly types?: readonly MessageType[] | undefined;
}

/** Messages that are handed over at once when nobody says how many: a screenful for a person, few enough for an agent's context. */
const HANDFUL = 50;

/**
 * What waits in somebody's inbox, by priority and then in the order in which it came; it is marked as delivered. It is
 * handed over again until somebody says that it was seen: known by its id, it may come twice, and never not at all.
 * What is being typed onto the reader's screen right now is left out.
 */
export async function readInbox(board: Board, me: Reader, options: InboxOptions = {}): Promise<Message[]> {
  return (await look(board, me, options, true)) ?? [];
}

/** The same, without marking anything: for who only wants to know. */
export async function peekInbox(board: Board, me: Reader, options: InboxOptions = {}): Promise<Message[]> {
  return (await look(board, me, options, false)) ?? [];
}

/** {@link readInbox} that waits until there is something; nothing when the time is up or the signal came. */
export async function awaitInbox(
  board: Board,
  me: Reader,
  { wait, signal, ...options }: InboxOptions & Waiting,
): Promise<Message[]> {
  return (await lookWhenRung(board, me.id, { wait, signal }, () => look(board, me, options, true))) ?? [];
}

async function look(board: Board, me: Reader, options: InboxOptions, handOver: boolean): Promise<Message[] | null> {
  await settleInbox(board, me.id);
  // Reading first: many who wait would hold the database's one write lock most of the time.
  const there = await waiting(board, me.id, options);
  if (there.length === 0) return null;
  const rows = handOver && there.some(({ state }) => state === 'queued') ? await deliver(board, me.id, options) : there;
  if (rows.length === 0) return null;
  const nameOf = await namesOf(board);
  return rows.map((row) => toMessage(row, nameOf));
}

function waiting({ db }: Board, id: string, { limit = HANDFUL, types }: InboxOptions): Promise<StoredMessage[]> {
  const inbox = db
    .selectFrom('messages')
    .selectAll()
    .where('to_id', '=', id)
    .where('state', 'in', UNSEEN)
    .where('holder', 'is', null)
    .where(isTimely)
    .orderBy('rank')
    .orderBy('seq')
    .limit(limit);
  return (types === undefined ? inbox : inbox.where('type', 'in', types)).execute();
}

async function deliver(board: Board, id: string, options: InboxOptions): Promise<StoredMessage[]> {
  // A power cut may make it queued again: then it comes twice, as any may, and who waits need not wait for the disk.
  const rows = await relaxed(board.db, async (db) => {
    const found = await waiting({ ...board, db }, id, options);
    const fresh = found.filter(({ state }) => state === 'queued').map((row) => row.id);
    if (fresh.length === 0) return found;
    const delivered = { state: 'delivered' as const, delivered_at: new Date().toISOString() };
    await db.updateTable('messages').set(delivered).where('id', 'in', fresh).execute();
    return found.map((row) => (row.state === 'queued' ? { ...row, ...delivered } : row));
  });
  ring(board);
  return rows;
}
