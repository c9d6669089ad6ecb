import { z } from 'zod';
import { PERSON } from '../../board/participants.ts';
import { answerQuestion, askQuestion, awaitAnswer } from '../../board/questions.ts';
import { resolveParticipant } from '../../board/roster.ts';
import { fullTaskId } from '../../board/tasks/read.ts';
import { snakeKeys } from '../snake.ts';
import { tool, WRITES } from '../tool.ts';
import { waiting } from '../waiting.ts';
import { seeToWatch } from '../watched.ts';
import { messageShape, taskIdInput, waitInput } from './shapes.ts';

const ask = tool({
  name: 'ask_question',
  title: 'Ask somebody',
  description:
    'Asks the leader, the person or anybody in the team. With wait_ms it waits for the answer; one that comes later comes into your inbox (receive_messages), as an ANSWER that replies to the id you get here.',
  input: z.strictObject({
    text: z.string().min(1).describe('The question, with all that one must know to answer it.'),
    to: z.string().optional().describe("A name, 'leader' or 'person'. Default: the leader; of a leader, the person."),
    options: z.array(z.string().min(1)).optional().describe('Answers to choose from; any other may be given.'),
    task_id: taskIdInput.optional().describe('The task that it is about.'),
    wait_ms: waitInput,
  }),
  output: z.object({ question_id: z.string(), to: z.string(), answer: messageShape.nullable() }),
  annotations: WRITES,
  run: async (call, { text, to, options, task_id, wait_ms = 0 }) => {
    const { board, me } = call;
    const asked = to === undefined && me.leads ? PERSON : await resolveParticipant(board, to ?? 'leader');
    const taskId = await fullTaskId(board, task_id);
    const question = await askQuestion(board, me, { to: asked, text, options, taskId });
    const note = await seeToWatch(call, [question]);
    const state = asked.kind === 'agent' ? 'idle' : 'waiting';
    const message = await waiting(call, { ms: wait_ms, state, for: `the answer of ${asked.name}` }, (wait) =>
      awaitAnswer(board, question.id, wait),
    );
    const answer = message === null ? null : messageShape.parse(snakeKeys(message));
    if (answer !== null) call.handOver([answer.id]);
    const said =
      answer === null
        ? `${asked.name} has been asked and has not answered yet: receive_messages brings the answer.${note}`
        : `${answer.from}: ${answer.text}`;
    return { result: { question_id: question.id, to: asked.name, answer }, text: said };
  },
});

const answer = tool({
  name: 'answer_question',
  title: 'Answer a question',
  description:
    "Answers a question that was put to you; leaders may answer any but the person's. Questions come as messages of type QUESTION; the text of an option means it, or its number (from 1) where no option is such a number itself.",
  input: z.strictObject({
    question_id: z.string().min(1).describe('Id of the question, or the name of who asked when it asked only one.'),
    text: z.string().min(1).describe('The answer.'),
  }),
  output: z.object({ answer: messageShape }),
  annotations: WRITES,
  run: async (call, { question_id, text }) => {
    const given = await answerQuestion(call.board, call.me, question_id, text);
    const note = await seeToWatch(call, [given]);
    const message = messageShape.parse(snakeKeys(given));
    return { result: { answer: message }, text: `${message.to} has your answer: ${message.text}${note}` };
  },
});

/** Questions and their answers. */
export const questionTools = [ask, answer];
