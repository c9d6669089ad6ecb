import { factsOf, saidIn } from '../board/messages/payload.ts';
import type { Acknowledged } from '../board/messages/receipts.ts';
import type { Message, MessageState } from '../board/messages/types.ts';
import { numberedOptions } from '../board/options.ts';
import { oneLine, plainLine } from '../lib/text.ts';
import { renderError, toErrorDocument } from './errors.ts';
import { narrate, paint } from './output.ts';
import { table } from './table.ts';
import { ageOf } from './times.ts';

const COLOURS = {
  queued: 'cyan',
  delivered: 'yellow',
  seen: 'green',
  answered: 'green',
  expired: 'dim',
  unknown: 'red',
} as const satisfies Record<MessageState, string>;

const paintState = (state: MessageState) => paint(COLOURS[state], state);

/** As much of an id as it takes to name a message. */
const shortId = (id: string) => id.slice(0, 8);

/** What was sent to whom. */
export function renderSent(messages: readonly Message[]): string {
  return messages.map(({ id, to }) => `${paint('green', '✓')} ${to}: ${shortId(id)} is in the inbox`).join('\n');
}

/** `errors[]` of messages that could not be acknowledged. */
export function failuresOf(errors: Acknowledged['errors']) {
  return errors.map(({ id, error }) => ({ id, ...toErrorDocument(error, 'msg:ack').document }));
}

/** What was acknowledged; what was not is told beside it. */
export function renderSeen(messages: readonly Message[], errors: Acknowledged['errors']): string {
  for (const { error } of errors) narrate(renderError(toErrorDocument(error, 'msg:ack').document).trimEnd());
  return messages.map(({ id, state }) => `${shortId(id)} is ${paintState(state)}`).join('\n');
}

/** Messages as a table with their receipts; a sentence when there are none. */
export function renderMessages(messages: readonly Message[]): string {
  if (messages.length === 0) return 'No messages.';
  const columns = [
    { title: 'ID' },
    { title: 'FROM' },
    { title: 'TO' },
    { title: 'TYPE', drops: 2 },
    { title: 'STATE' },
    { title: 'SHOWN BY', drops: 3 },
    { title: 'AGE', align: 'right', drops: 1 },
    { title: 'TEXT', shrinks: true },
  ] as const;
  const rows = messages.map((message) => [
    shortId(message.id),
    message.from,
    message.to,
    `${message.type}${message.priority === 'normal' ? '' : ` (${message.priority})`}`,
    paintState(message.state),
    message.evidence ?? '',
    ageOf(message.createdAt),
    oneLine(saidIn(message), 200),
  ]);
  return table(columns, rows);
}

/** An inbox: each message in full, what others wrote set apart from what swarm says. */
export function renderInbox(messages: readonly Message[]): string {
  if (messages.length === 0) return 'No messages.';
  return inFull(messages, ({ from }) => `from ${from}`);
}

function inFull(messages: readonly Message[], who: (message: Message) => string): string {
  return messages.map((message) => [heading(message, who(message)), ...body(message)].join('\n')).join('\n\n');
}

function heading(message: Message, who: string): string {
  const { id, type, priority, taskId, replyTo, createdAt } = message;
  const more = [
    ...(priority === 'normal' ? [] : [priority]),
    ...(type === 'TEXT' ? [] : [type]),
    ...(taskId === null ? [] : [oneLine(taskId)]),
    ...(replyTo === null ? [] : [`reply to ${shortId(replyTo)}`]),
    `${ageOf(createdAt)} ago`,
  ];
  return `${paint('bold', shortId(id))}  ${who}  ${paint('dim', more.join(', '))}`;
}

function body(message: Message): string[] {
  const { id, type, text } = message;
  const options = numberedOptions(message);
  const numbered = options.some(({ number }) => number !== null);
  // A question's options are listed instead.
  const { options: _, ...rest } = message.payload;
  const facts = type === 'QUESTION' ? rest : factsOf(message);
  return [
    ...text.split('\n').map((line) => `  ${plainLine(line)}`),
    ...(Object.keys(facts).length === 0 ? [] : [`  ${plainLine(JSON.stringify(facts))}`]),
    ...options.map(({ number, text }) => `    ${number ?? '-'}  ${oneLine(text, 100)}`),
    ...(type === 'QUESTION'
      ? [`  ${paint('cyan', '→')} swarm answer ${shortId(id)} ${numbered ? 'NUMBER' : 'TEXT'}`]
      : []),
  ];
}

/** One message in full, with its receipts. */
export function renderMessage(message: Message): string {
  const { id, from, to, state, evidence, createdAt, deliveredAt, seenAt, expiresAt, broadcast } = message;
  const times: readonly (readonly [string, string | null])[] = [
    ['id', id],
    ['to', broadcast === null ? to : `${to} (said to several)`],
    ['state', `${paintState(state)}${evidence === null ? '' : `, shown by ${evidence}`}`],
    ['sent', createdAt],
    ['delivered', deliveredAt],
    ['seen', seenAt],
    ['expires', expiresAt],
  ];
  const receipts = times.flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(10)}${value}`]));
  return [heading(message, `from ${from}`), ...body(message), '', ...receipts].join('\n');
}

/** Questions that wait, each with its options and how to answer it. */
export function renderQuestions(questions: readonly Message[]): string {
  return questions.length === 0 ? 'No open questions.' : inFull(questions, ({ from, to }) => `from ${from} to ${to}`);
}

/** What was answered to whom. */
export function renderAnswered({ to, text }: Message): string {
  return `${paint('green', '✓')} ${to}: answered '${oneLine(text, 60)}'`;
}
