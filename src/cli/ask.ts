import type { Board } from '../board/context.ts';
import type { Message } from '../board/messages/types.ts';
import { awaitAnswer } from '../board/questions.ts';
import { exit, UserError } from '../lib/errors.ts';
import { oneLine, shellWord } from '../lib/text.ts';
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

/** The text of an answer: in words, or in a file. @throws UserError exit 2 for both, or neither. */
export function answerText(question: string, text: string | undefined, file: string | undefined, cd: string): string {
  if (file !== undefined && text !== undefined) {
    throw new UserError({
      code: 'TWO_TEXTS',
      exit: exit.usage,
      message: `The answer is given twice: as '${oneLine(text, 40)}', and in ${file}. Expected one of them.`,
      hint: `swarm answer ${shellWord(question)} -f ${shellWord(file)}`,
    });
  }
  if (file !== undefined) return readTextFile(file, cd, `swarm answer ${shellWord(question)} -f answer.md`);
  if (text !== undefined) return text;
  throw new UserError({
    code: 'NO_TEXT',
    exit: exit.usage,
    message: `What is the answer to '${question}'? Expected a text, or the number of an option.`,
    hint: `swarm answer ${question} "Yes."`,
  });
}

/** Without a question, an answer is for nobody. @throws UserError exit 2 when there is one. */
export function requireNoAnswer(file: string | undefined): void {
  if (file === undefined) return;
  throw new UserError({
    code: 'NO_QUESTION',
    exit: exit.usage,
    message: `Which question does ${file} answer? Expected who asked, or the id of the question.`,
    hint: `swarm answer worker-1 -f ${shellWord(file)}`,
  });
}
