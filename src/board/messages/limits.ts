import { exit, UserError } from '../../lib/errors.ts';
import { isTimely } from '../../store/timely.ts';
import type { Board } from '../context.ts';
import { requireShape } from './payload.ts';
import { type MessageType, UNSEEN } from './types.ts';

/**
 * Messages that may wait in one inbox. At the pace that the board is made for (50 agents, 20 messages a second among them)
 * nobody who reads at all comes near it; an agent that doesn't has an hour's talk waiting, more than it can take in. Who
 * sends on is told, and keeps what it wanted to say.
 */
export const INBOX_LIMIT = 1000;
/** Bytes of a text, and of a payload. An agent reads this in one go; more belongs in a file whose path is sent. */
export const TEXT_LIMIT = 64 * 1024;

/** The text as it can be stored. @throws UserError exit 2 when it can't be, or says nothing. */
export function checkText(text: string, type: MessageType): string {
  if (text.includes('\0')) throw bad('The text has a NUL character in it, which no agent can be told.');
  if (text.trim() === '' && (type === 'TEXT' || type === 'QUESTION' || type === 'ANSWER')) {
    throw bad('The text is empty. Expected something to say.');
  }
  requireRoom('The text', Buffer.byteLength(text));
  return text.toWellFormed();
}

/** The payload as JSON. @throws UserError exit 2 when it is too long, or not what the type's payloads are. */
export function checkPayload(type: MessageType, payload: Readonly<Record<string, unknown>> = {}): string {
  requireShape(type, payload);
  const json = JSON.stringify(payload);
  requireRoom('The payload', Buffer.byteLength(json));
  return json;
}

type Inbox = { readonly id: string; readonly name: string };

/** @throws UserError exit 6 when one of the inboxes is full; nothing is posted then. */
export async function requireInboxes(board: Board, to: readonly Inbox[]): Promise<void> {
  const able = await withRoom(board, to);
  const full = to.find((one) => !able.includes(one));
  if (full === undefined) return;
  throw new UserError({
    code: 'INBOX_FULL',
    exit: exit.undelivered,
    message: `${full.name} has ${INBOX_LIMIT} messages that it has not read; nothing was sent${to.length > 1 ? ' to anybody' : ''}.`,
    hint: `swarm msg list --to ${full.name} --state queued`,
    details: { to: full.name, limit: INBOX_LIMIT },
  });
}

/** Those whose inbox is not full. */
export async function withRoom<T extends Inbox>({ db }: Board, to: readonly T[]): Promise<T[]> {
  if (to.length === 0) return [];
  const counts = await db
    .selectFrom('messages')
    .select(({ fn }) => ['to_id', fn.countAll<number>().as('waiting')])
    .where(
      'to_id',
      'in',
      to.map(({ id }) => id),
    )
    .where('state', 'in', UNSEEN)
    .where(isTimely)
    .groupBy('to_id')
    .execute();
  return to.filter(({ id }) => !counts.some((one) => one.to_id === id && one.waiting >= INBOX_LIMIT));
}

function requireRoom(what: string, bytes: number): void {
  if (bytes <= TEXT_LIMIT) return;
  throw new UserError({
    code: 'TOO_LONG',
    exit: exit.usage,
    message: `${what} has ${bytes} bytes; at most ${TEXT_LIMIT} fit into a message.`,
    hint: 'Put it into a file, and send the path of that.',
    details: { bytes, limit: TEXT_LIMIT },
  });
}

function bad(message: string): UserError {
  return new UserError({ code: 'BAD_MESSAGE', exit: exit.usage, message, hint: 'swarm msg send --help' });
}
