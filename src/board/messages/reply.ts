import { exit, UserError } from '../../lib/errors.ts';
import { oneLine } from '../../lib/text.ts';
import type { Board } from '../context.ts';
import { type Participant, PERSON_ID } from '../participants.ts';
import { namesOf } from '../roster.ts';
import type { MessageType, StoredMessage } from './types.ts';

/** The message that is replied to. @throws UserError when there is none, or it is the talk of others. */
export async function repliedTo({ db }: Board, from: Participant, id: string): Promise<StoredMessage> {
  const row = await db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirst();
  if (row !== undefined && (from.leads || row.to_id === from.id || row.from_id === from.id)) return row;
  throw new UserError({
    code: 'NO_SUCH_MESSAGE',
    exit: exit.notFound,
    message: `There is no message '${id}' of yours to reply to.`,
    hint: 'swarm msg list',
    details: { id },
  });
}

/** What a reply is when nothing else was said: an answer, if it goes to who asked. */
export function defaultType(from: Participant, original: StoredMessage | null): MessageType {
  return original?.type === 'QUESTION' && original.from_id !== from.id ? 'ANSWER' : 'TEXT';
}

/**
 * An answer is one to a question of somebody else, goes to who asked, and is the first one. Besides whom the question is
 * for, who leads may give it; but for the person only the person speaks.
 * @throws UserError exit 2 or 4.
 */
export async function requireAnswerable(
  board: Board,
  from: Participant,
  original: StoredMessage | null,
  to: readonly Participant[],
): Promise<void> {
  if (original?.type !== 'QUESTION') throw bad('An ANSWER has to say which question it answers.');
  const deputy = from.leads && original.from_id !== from.id && (original.to_id !== PERSON_ID || from.id === PERSON_ID);
  if (original.to_id !== from.id && !deputy) throw await notYours(board, original);
  if (to.length !== 1 || to[0]?.id !== original.from_id) throw bad('An ANSWER goes to who asked, and to nobody else.');
  if (original.state === 'answered') throw await alreadyAnswered(board, original);
  if (original.state === 'expired') throw tooLate(original);
}

/** A reply shows that the first message was taken in; a question is only answered by an answer. */
export async function settleReplied(
  { db }: Board,
  from: Participant,
  original: StoredMessage,
  type: MessageType,
): Promise<void> {
  if (original.type === 'QUESTION' ? type !== 'ANSWER' : original.to_id !== from.id) return;
  const now = new Date().toISOString();
  await db
    .updateTable('messages')
    .set({
      state: 'answered',
      delivered_at: original.delivered_at ?? now,
      seen_at: original.seen_at ?? now,
      evidence: original.evidence ?? 'reply',
      holder: null,
      holder_until: null,
    })
    .where('id', '=', original.id)
    // Nobody read it in time, and whoever wrote it was told so.
    .where('state', '!=', 'expired')
    .execute();
}

async function notYours(board: Board, { id, to_id, text }: StoredMessage): Promise<UserError> {
  const to = (await namesOf(board))(to_id);
  return new UserError({
    code: 'NOT_YOURS',
    exit: exit.refused,
    message: `That question is for ${to} to answer: ${oneLine(text, 80)}`,
    hint: 'swarm answer',
    details: { question: id, to },
  });
}

async function alreadyAnswered(board: Board, { id }: StoredMessage): Promise<UserError> {
  const answer = await board.db
    .selectFrom('messages')
    .select(['from_id', 'created_at', 'text'])
    .where('reply_to', '=', id)
    .where('type', '=', 'ANSWER')
    .executeTakeFirst();
  const by = answer === undefined ? 'somebody' : (await namesOf(board))(answer.from_id);
  return new UserError({
    code: 'ALREADY_ANSWERED',
    exit: exit.refused,
    message: `That question was answered already, by ${by}: ${oneLine(answer?.text ?? '', 80)}`,
    hint: 'swarm answer',
    details: { question: id, by, at: answer?.created_at ?? null },
  });
}

function tooLate({ id, expires_at: at }: StoredMessage): UserError {
  return new UserError({
    code: 'EXPIRED',
    exit: exit.refused,
    message: `Nobody waits for that answer any more: the question expired at ${at}.`,
    hint: 'swarm answer',
    details: { question: id, at },
  });
}

function bad(message: string): UserError {
  return new UserError({ code: 'BAD_MESSAGE', exit: exit.usage, message, hint: 'swarm answer' });
}
