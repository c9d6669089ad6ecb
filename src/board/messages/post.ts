import { randomUUID } from 'node:crypto';
import { crashPoint } from '../../lib/crash.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { oneLine } from '../../lib/text.ts';
import { ring } from '../bell.ts';
import { type Board, transact } from '../context.ts';
import { recordEvent } from '../events.ts';
import { enter, type Participant } from '../participants.ts';
import { listParticipants } from '../roster.ts';
import { checkPayload, checkText, requireInboxes } from './limits.ts';
import { defaultType, repliedTo, requireAnswerable, settleReplied } from './reply.ts';
import { settleInbox } from './settle.ts';
import { type Message, type MessageType, PRIORITIES, type Priority, type StoredMessage, toMessage } from './types.ts';

/** What somebody wants to say. */
export interface MessageWish {
  /** `all`: everybody but the sender, and guests who are long gone. Left out: whoever wrote what is replied to. */
  readonly to?: readonly Participant[] | 'all' | undefined;
  /** Default: `ANSWER` for a reply to a question, else `TEXT`. */
  readonly type?: MessageType | undefined;
  readonly priority?: Priority | undefined;
  readonly taskId?: string | null | undefined;
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
  readonly text: string;
  /** Id of the message that is replied to. */
  readonly replyTo?: string | null | undefined;
  /** Milliseconds after which nobody needs to read it any more. */
  readonly expiresIn?: number | null | undefined;
}

/** What is said, apart from to whom. */
type Words = Omit<MessageWish, 'to' | 'type'> & { readonly type: MessageType };

/** The history's words for messages; `message` for all others. */
const EVENTS: Partial<Record<MessageType, string>> = { QUESTION: 'question', ANSWER: 'answer' };
/** Characters of a text that the history keeps; all of it is in the message. */
const PREVIEW = 200;
/** Milliseconds after which a guest is taken to be gone: few say goodbye, and full inboxes of theirs would silence all. */
const AWAY = 24 * 3600 * 1000;

/**
 * Puts a message into the inbox of each recipient, or into none. A reply shows whoever wrote the first message that it
 * was taken in.
 * @throws UserError: a full inbox (exit 6), a text that can't be one (2), a second answer to a question (4).
 */
export async function postMessage(board: Board, from: Participant, wish: MessageWish): Promise<Message[]> {
  // What is replied to may have expired since somebody looked last.
  if (wish.replyTo) await settleInbox(board);
  const everybody = await listParticipants(board);
  const named = wish.to?.length ? wish.to : null;
  const to = named === 'all' ? await audience(board, from, everybody) : named;
  const rows = await transact(board, (within) => post(within, from, { ...wish, to }, everybody));
  crashPoint('message:post:done');
  ring(board, ...rows.map(({ to_id }) => to_id));
  const names = new Map([...everybody, from].map(({ id, name }) => [id, name]));
  return rows.map((row) => toMessage(row, (id) => names.get(id) ?? id));
}

async function post(
  board: Board,
  from: Participant,
  wish: Omit<MessageWish, 'to'> & { readonly to: readonly Participant[] | null },
  everybody: readonly Participant[],
): Promise<StoredMessage[]> {
  const original = wish.replyTo ? await repliedTo(board, from, wish.replyTo) : null;
  const type = wish.type ?? defaultType(from, original);
  const to = recipients(from, wish.to, original, everybody);
  // An answer always fits: who asked can do nothing else, and there is one for each question at most.
  if (type === 'ANSWER') await requireAnswerable(board, from, original, to);
  else await requireInboxes(board, to);
  const rows = await insert(board, from, to, { ...wish, type }, original);
  if (original !== null) await settleReplied(board, from, original, type);
  return rows;
}

/**
 * What follows from something else that is done in the caller's transaction: it is said together with that, or not at all,
 * and stops nothing. It fits into any inbox. The caller rings once the transaction is through.
 */
export async function postNotice(
  within: Board,
  from: Participant,
  to: readonly Participant[],
  words: Words,
): Promise<void> {
  const original = words.replyTo ? await repliedTo(within, from, words.replyTo) : null;
  await insert(within, from, to, words, original);
}

async function insert(
  board: Board,
  from: Participant,
  to: readonly Participant[],
  words: Words,
  original: StoredMessage | null,
): Promise<StoredMessage[]> {
  const { type, priority = 'normal', expiresIn } = words;
  const now = Date.now();
  const values = {
    from_id: from.id,
    type,
    rank: PRIORITIES.indexOf(priority),
    task_id: words.taskId ?? original?.task_id ?? null,
    payload: checkPayload(type, words.payload),
    text: checkText(words.text, type),
    state: 'queued' as const,
    reply_to: original?.id ?? null,
    broadcast: to.length > 1 ? randomUUID() : null,
    created_at: new Date(now).toISOString(),
    expires_at: expiresIn ? new Date(now + expiresIn).toISOString() : null,
  };
  const rows = await board.db
    .insertInto('messages')
    .values(to.map(({ id }) => ({ ...values, id: randomUUID(), to_id: id })))
    .returningAll()
    .execute();
  await recordEvent(board.db, from.name, EVENTS[type] ?? 'message', {
    ids: rows.map(({ id }) => id),
    to: to.map(({ name }) => name),
    kind: type,
    priority,
    task: values.task_id,
    replyTo: values.reply_to,
    text: oneLine(values.text, PREVIEW),
  });
  return rows;
}

/** Whom it goes to, each once. @throws UserError when that is nobody. */
function recipients(
  from: Participant,
  to: readonly Participant[] | null,
  original: StoredMessage | null,
  everybody: readonly Participant[],
): readonly Participant[] {
  if (to !== null) return required([...new Map(to.map((one) => [one.id, one])).values()]);
  const other = original?.from_id === from.id ? original.to_id : original?.from_id;
  return required(everybody.filter(({ id }) => id === other));
}

/** Whom a word to everybody reaches: not guests of whom nothing was seen for long. */
async function audience(
  board: Board,
  from: Participant,
  everybody: readonly Participant[],
): Promise<readonly Participant[]> {
  const away = await board.db
    .selectFrom('participants')
    .select('id')
    .where('kind', '=', 'guest')
    .where('last_seen_at', '<', new Date(Date.now() - AWAY).toISOString())
    .execute();
  const others = everybody.filter(({ id }) => id !== from.id && away.every((one) => one.id !== id));
  // Who is written to is kept by name: it may be removed before what it was told is.
  for (const one of others) await enter(board, one);
  return others;
}

function required(to: readonly Participant[]): readonly Participant[] {
  if (to.length > 0) return to;
  throw new UserError({
    code: 'NO_RECIPIENT',
    exit: exit.notFound,
    message: 'The message is for nobody: nobody is named, or nobody else is there (any more).',
    hint: 'swarm msg send leader "Done."',
  });
}
