import { z } from 'zod';
import { awaitInbox, peekInbox } from '../../board/messages/inbox.ts';
import { postMessage } from '../../board/messages/post.ts';
import { ackMessages } from '../../board/messages/receipts.ts';
import { MESSAGE_TYPES, PRIORITIES } from '../../board/messages/types.ts';
import { resolveParticipant } from '../../board/roster.ts';
import { fullTaskId } from '../../board/tasks/read.ts';
import { LONGEST_DURATION } from '../../lib/duration.ts';
import { snakeKeys } from '../snake.ts';
import { tool, WRITES } from '../tool.ts';
import { waiting } from '../waiting.ts';
import { seeToWatch } from '../watched.ts';
import { messageShape, taskIdInput, waitInput } from './shapes.ts';

const send = tool({
  name: 'send_message',
  title: 'Send a message',
  description:
    'Puts a message into the inbox of somebody in the team. It says at once whether it could; that it was read shows later. A full inbox refuses, and nothing is lost.',
  input: z.strictObject({
    to: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .optional()
      .describe("A name, several, 'leader', 'person', or 'all'. Default: who wrote what you reply to."),
    text: z.string().describe('What to say.'),
    type: z
      .enum(MESSAGE_TYPES.filter((type) => type !== 'QUESTION' && type !== 'ANSWER'))
      .optional()
      .describe('Default: TEXT. Questions and answers have tools of their own.'),
    priority: z.enum(PRIORITIES).optional().describe('Default: normal.'),
    task_id: taskIdInput.optional().describe('The task that it is about.'),
    payload: z.record(z.string(), z.unknown()).optional().describe('Fields for programs.'),
    reply_to: z.string().optional().describe('Id of the message that you reply to.'),
    expires_in_ms: z
      .number()
      .int()
      .min(1)
      .max(LONGEST_DURATION)
      .optional()
      .describe('Nobody needs to read it after that.'),
  }),
  output: z.object({ messages: z.array(messageShape) }),
  annotations: WRITES,
  run: async (call, { to, task_id, reply_to, expires_in_ms, ...wish }) => {
    const { board, me } = call;
    const names = to === undefined ? [] : [to].flat();
    const all = names.includes('all');
    const recipients = all ? 'all' : await Promise.all(names.map((name) => resolveParticipant(board, name)));
    const posted = await postMessage(board, me, {
      ...wish,
      to: recipients,
      taskId: await fullTaskId(board, task_id),
      replyTo: reply_to,
      expiresIn: expires_in_ms,
    });
    const messages = posted.map((message) => messageShape.parse(snakeKeys(message)));
    const note = await seeToWatch(call, posted);
    return { result: { messages }, text: `Sent to ${messages.map((message) => message.to).join(', ')}.${note}` };
  },
});

const receive = tool({
  name: 'receive_messages',
  title: 'Read your messages',
  description:
    'Hands over what waits in your inbox: urgent ones first, then in the order in which they came. With wait_ms it waits for one. A message comes again (with the same id) until you call any tool after you got it, or name it in ack.',
  input: z.strictObject({
    wait_ms: waitInput,
    limit: z.number().int().min(1).max(200).optional().describe('At most so many; the others stay.'),
    types: z.array(z.enum(MESSAGE_TYPES)).optional().describe('Only these; the others stay.'),
    ack: z.array(z.string()).optional().describe('Ids of messages that you have taken in.'),
  }),
  output: z.object({
    messages: z.array(messageShape),
    waiting: z.number().describe('How many more there are.'),
    unknown: z.array(z.string()).optional().describe('What of ack names no message of yours, where there is such.'),
  }),
  annotations: WRITES,
  run: async (call, { wait_ms = 0, limit, types, ack = [] }) => {
    const { board, me } = call;
    const { errors } = await ackMessages(board, me, ack, 'mcp');
    const unknown = errors.map(({ id }) => id);
    const found = await waiting(call, { ms: wait_ms, state: 'idle', for: 'messages' }, (wait) =>
      awaitInbox(board, me, { ...wait, limit, types }),
    );
    const messages = found.map((message) => messageShape.parse(snakeKeys(message)));
    call.handOver(messages.map(({ id }) => id));
    const all = await peekInbox(board, me, { limit: 1000 });
    const rest = all.filter(({ id }) => !messages.some((message) => message.id === id)).length;
    const texts = messages.map(({ from, type, text }) => `${from} (${type}): ${text}`);
    const wrong = errors.map(({ error }) => `(ack: ${error.message})`);
    const text = [...wrong, ...(texts.length === 0 ? ['No message.'] : texts)].join('\n\n');
    return { result: { messages, waiting: rest, ...(unknown.length === 0 ? {} : { unknown }) }, text };
  },
});

/** The inbox. */
export const messageTools = [send, receive];
