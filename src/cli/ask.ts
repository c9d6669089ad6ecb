import type { Board } from '../board/context.ts';
import type { Message } from '../board/messages/types.ts';
import { awaitAnswer } from '../board/questions.ts';
import { exit, UserError } from '../lib/errors.ts';
import { readTextFile } from './text-input.ts';

/** The answer to a question. @throws UserError exit 6 that says how to read it later, when none came in time. */
export async function waitForAnswer(
  board: Board,
  question: Message,
  { timeout, signal }: { readonly timeout: number | undefined; readonly signal: AbortSignal },
): Promise<Message> {
  const answer = await awaitAnswer(board, question.id, { wait: timeout ?? Number.POSITIVE_INFINITY, signal });
  if (answer !== null) return answer;
  throw new UserError({
    code: 'NOT_ANSWERED',
    exit: exit.undelivered,
    message: `${question.to} has not answered in time. The question ${question.id.slice(0, 8)} stays open; its answer comes into your inbox.`,
    hint: 'swarm msg read --type ANSWER --wait 10m',
    details: { question: question.id, to: question.to },
  });
}

/** The text of an answer: in words, or in a file. */
export function answerText(question: string, text: string | undefined, file: string | undefined): string {
  if (file !== undefined) return readTextFile(file);
  if (text !== undefined) return text;
  throw new UserError({
    code: 'NO_TEXT',
    exit: exit.usage,
    message: `What is the answer to '${question}'? Expected a text, or the number of an option.`,
    hint: `swarm answer ${question} "Yes."`,
  });
}
