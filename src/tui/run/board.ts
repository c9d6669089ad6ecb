import { rewordPrompt, takeBackPrompt } from '../../agents/deliver/revise.ts';
import { type Board, boardOf } from '../../board/context.ts';
import { markSeen } from '../../board/messages/receipts.ts';
import { rewordMessage, takeBackMessage } from '../../board/messages/revise.ts';
import type { Message } from '../../board/messages/types.ts';
import { enter, PERSON } from '../../board/participants.ts';
import { answerQuestion } from '../../board/questions.ts';
import { listParticipants } from '../../board/roster.ts';
import { addTask } from '../../board/tasks/add.ts';
import { editTask, removeTask, shiftPriority } from '../../board/tasks/edit.ts';
import { failTask } from '../../board/tasks/finish.ts';
import { giveTask } from '../../board/tasks/give.ts';
import { blockTask, releaseTask } from '../../board/tasks/release.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { ensureForMessages, ensureForTasks } from '../../supervisor/needed.ts';
import type { BoardAct, TaskText } from '../protocol.ts';
import { told } from './job.ts';
import { rowOf, type Stage } from './stage.ts';

/** Why a task is as the person made it, for whoever reads its history. */
const REASON = 'the person decided so';

/** Does what the person wants of the board, and says what came of it. */
export async function actOnBoard(stage: Stage, act: BoardAct): Promise<void> {
  if (act.do === 'read') return stage.readBoard();
  const { session } = stage;
  const sent: Message[] = [];
  const words = await done(stage, boardOf(session), act, sent);
  stage.dispatch({ type: 'notice', notice: told(words) });
  await stage.readBoard();
  const note = (await ensureForMessages(session, sent)) ?? (await ensureForTasks(session));
  if (note !== null) stage.dispatch({ type: 'notice', notice: told(`${words}\n${note}`) });
}

/** The person has these messages before their eyes. */
export async function readOnBoard({ session }: Stage, messages: readonly string[]): Promise<void> {
  await markSeen(boardOf(session), PERSON, messages, 'screen');
}

async function done(
  stage: Stage,
  board: Board,
  act: Exclude<BoardAct, { do: 'read' }>,
  sent: Message[],
): Promise<string> {
  await enter(board, PERSON);
  switch (act.do) {
    case 'answer': {
      const answer = await answerQuestion(board, PERSON, act.question, act.text);
      sent.push(answer);
      return `${answer.to} has your answer in its inbox`;
    }
    case 'add':
      return `${(await addTask(board, PERSON, wishOf(act.wish))).id} is added`;
    case 'edit':
      return `${(await editTask(board, PERSON, act.task, wishOf(act.wish))).id} is changed`;
    case 'prioritise': {
      const { id, priority } = await shiftPriority(board, PERSON, act.task, act.by);
      return `${id} has priority ${priority}`;
    }
    case 'assign': {
      const { id, claimedBy } = await giveTask(board, PERSON, act.task, await participant(board, act.to));
      return `${id} is ${claimedBy}'s now`;
    }
    case 'release':
      return `${(await releaseTask(board, PERSON, act.task, REASON)).id} is back in the queue`;
    case 'block':
      return `${(await blockTask(board, PERSON, act.task, REASON)).id} is blocked`;
    case 'fail':
      return `${(await failTask(board, PERSON, act.task, REASON)).id} has failed`;
    case 'remove':
      return `${(await removeTask(board, PERSON, act.task)).id} is removed`;
    case 'take-back-message':
      return `the message to ${(await takeBackMessage(board, PERSON, act.message)).to} is taken back`;
    case 'reword-message':
      return `the message to ${(await rewordMessage(board, PERSON, act.message, act.text)).to} is changed`;
    case 'take-back-prompt':
      await takeBackPrompt(stage.session, await rowOf(stage, act.agent), act.message);
      return 'the prompt is taken back';
    case 'reword-prompt':
      await rewordPrompt(stage.session, await rowOf(stage, act.agent), act.message, act.text);
      return 'the prompt is changed';
  }
}

function wishOf({ files, hints, ...rest }: TaskText) {
  return { ...rest, context: { files, hints } };
}

async function participant(board: Board, id: string) {
  const found = (await listParticipants(board)).find((one) => one.id === id);
  if (found !== undefined) return enter(board, found);
  throw new UserError({
    code: 'NO_SUCH_PARTICIPANT',
    exit: exit.notFound,
    message: 'Whom the task was meant for is gone.',
    hint: null,
  });
}
