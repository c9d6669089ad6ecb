import { exit, UserError } from '../lib/errors.ts';
import { oneLine } from '../lib/text.ts';
import { isTimely } from '../store/timely.ts';
import { lookWhenRung, type Waiting } from './bell.ts';
import type { Board } from './context.ts';
import { postMessage } from './messages/post.ts';
import { findMessage } from './messages/receipts.ts';
import { settleInbox } from './messages/settle.ts';
import { type Message, toMessage } from './messages/types.ts';
import { chosenOption } from './options.ts';
import { type Participant, PERSON_ID } from './participants.ts';
import { listParticipants, namesOf, resolveParticipant } from './roster.ts';

/** What somebody wants to know. */
export interface QuestionWish {
  readonly to: Participant;
  readonly text: string;
  /** Answers to choose from; any other may be given. */
  readonly options?: readonly string[] | undefined;
  readonly taskId?: string | null | undefined;
  /** Milliseconds after which nobody needs the answer any more. */
  readonly expiresIn?: number | null | undefined;
}

/** Puts a question into somebody's inbox. The answer comes into the asker's, as a reply. */
export async function askQuestion(board: Board, from: Participant, wish: QuestionWish): Promise<Message> {
  const { to, text, options = [], taskId, expiresIn } = wish;
  if (to.id === from.id) {
    throw new UserError({
      code: 'OWN_QUESTION',
      exit: exit.usage,
      message: `${from.name} would ask itself. Expected somebody else to ask.`,
      hint: 'swarm ask --to worker-1 "Which of the two?"',
    });
  }
  const payload = { options: options.map(String) };
  const [question] = await postMessage(board, from, { to: [to], type: 'QUESTION', text, payload, taskId, expiresIn });
  return question as Message;
}

/**
 * Waits for the answer to a question; null when the time is up or the signal came. The answer then still comes into the inbox.
 * @throws UserError exit 3 when there is no such question, 6 as soon as nobody will answer it any more.
 */
export async function awaitAnswer(board: Board, questionId: string, waiting: Waiting): Promise<Message | null> {
  const question = await board.db
    .selectFrom('messages')
    .select(['from_id', 'to_id'])
    .where('id', '=', questionId)
    .executeTakeFirst();
  if (question === undefined) throw noQuestion(questionId);
  const isClosed = () =>
    board.db
      .selectFrom('messages')
      .select('id')
      .where('id', '=', questionId)
      .where((eb) => eb.or([eb('state', '=', 'expired'), eb.not(isTimely(eb))]))
      .executeTakeFirst();
  return lookWhenRung(board, question.from_id, waiting, async () => {
    const row = await board.db
      .selectFrom('messages')
      .selectAll()
      .where('reply_to', '=', questionId)
      .where('type', '=', 'ANSWER')
      .executeTakeFirst();
    if (row !== undefined) return toMessage(row, await namesOf(board));
    if ((await isClosed()) !== undefined) throw await closed(board, questionId, question.to_id);
    return null;
  });
}

/**
 * Answers a question, named by its id (or the beginning of it) or by who asked, if that one has one open question. The
 * number of an option means that option, where none reads like the number of another.
 * @throws UserError exit 3 when there is no such question, 4 when it is for somebody else or was answered already.
 */
export async function answerQuestion(board: Board, by: Participant, word: string, text: string): Promise<Message> {
  const question = await questionFor(board, by, word);
  const choice = chosenOption(question, text);
  const [answer] = await postMessage(board, by, {
    type: 'ANSWER',
    replyTo: question.id,
    text: choice?.text ?? text,
    payload: { option: choice?.place ?? null },
  });
  return answer as Message;
}

/** Which questions. */
export interface QuestionFilter {
  /** To this participant's id. */
  readonly to?: string | undefined;
  /** From this participant's id. */
  readonly from?: string | undefined;
  /** That this one may answer: those to it, and for who leads also those to others, but for the person's and its own. */
  readonly answerableBy?: Participant | undefined;
}

/** Questions without an answer, by priority and then the oldest first. */
export async function openQuestions(
  board: Board,
  { to, from, answerableBy: me }: QuestionFilter = {},
): Promise<Message[]> {
  await settleInbox(board);
  const here = (await listParticipants(board)).map(({ id }) => id);
  let query = board.db
    .selectFrom('messages')
    .selectAll()
    .where('type', '=', 'QUESTION')
    .where('state', 'in', ['queued', 'delivered', 'seen', 'unknown'])
    // Whoever is gone waits for nothing.
    .where('from_id', 'in', here);
  if (to !== undefined) query = query.where('to_id', '=', to);
  if (from !== undefined) query = query.where('from_id', '=', from);
  if (me?.leads) query = query.where('from_id', '!=', me.id);
  if (me?.leads && me.id !== PERSON_ID) query = query.where('to_id', '!=', PERSON_ID);
  if (me?.leads === false) query = query.where('to_id', '=', me.id);
  const rows = await query.orderBy('rank').orderBy('seq').execute();
  const nameOf = await namesOf(board);
  return rows.map((row) => toMessage(row, nameOf));
}

async function questionFor(board: Board, by: Participant, word: string): Promise<Message> {
  const open = await openQuestions(board, { answerableBy: by });
  const exact = open.find(({ id }) => id === word);
  if (exact !== undefined) return exact;
  const asker = await askerOf(board, word);
  const asked = asker === null ? [] : await openQuestions(board, { answerableBy: by, from: asker.id });
  if (asked.length > 1) throw severalQuestions(asker?.name ?? word, asked);
  if (asked[0] !== undefined) return asked[0];
  if (asker !== null) throw noQuestion(word);
  const found = await findMessage(board, by, word);
  if (found.type !== 'QUESTION') throw noQuestion(word);
  return found;
}

/** Null for a word that names nobody: it may be an id. */
async function askerOf(board: Board, word: string): Promise<Participant | null> {
  try {
    return await resolveParticipant(board, word);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function noQuestion(word: string): UserError {
  return new UserError({
    code: 'NO_SUCH_QUESTION',
    exit: exit.notFound,
    message: `There is no open question '${word}' that is yours to answer.`,
    hint: 'swarm answer',
    details: { question: word },
  });
}

/** Who was removed answers nothing; else its time was up, or it was taken back. */
async function closed(board: Board, id: string, to: string): Promise<UserError> {
  const here = (await listParticipants(board)).some((one) => one.id === to);
  const name = (await namesOf(board))(to);
  return new UserError({
    code: 'QUESTION_CLOSED',
    exit: exit.undelivered,
    message: here
      ? `Nobody answers the question ${id.slice(0, 8)} any more: ${name} did not in time, or it was taken back.`
      : `${name} was removed before it answered the question ${id.slice(0, 8)}: nobody will.`,
    hint: here ? `swarm msg show ${id.slice(0, 8)}` : 'swarm ls',
    details: { question: id, to: name },
  });
}

function severalQuestions(name: string, questions: readonly Message[]): UserError {
  const list = questions.map(({ id, text }) => `${id.slice(0, 8)} (${oneLine(text, 40)})`).join(', ');
  return new UserError({
    code: 'AMBIGUOUS_QUESTION',
    exit: exit.notFound,
    message: `${name} has asked several things: ${list}.`,
    hint: `swarm answer ${questions[0]?.id.slice(0, 8)} TEXT`,
    details: { candidates: questions.map(({ id }) => id) },
  });
}
