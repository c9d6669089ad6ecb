import { z } from 'zod';
import type { Api, EventStream, Said } from './server.ts';
import { type Entry, turnOf } from './turn.ts';
import { wordsOf } from './words.ts';

const block = z.looseObject({ type: z.string(), text: z.string().optional(), content: z.unknown().optional() });
const messages = z.looseObject({
  model: z.string(),
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(block)]) })),
});

type Message = z.infer<typeof messages>['messages'][number];

function entriesOf({ role, content }: Message): Entry[] {
  if (role !== 'user' && role !== 'assistant') return [];
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content, content: null }] : content;
  return blocks.flatMap((one): Entry[] => {
    if (one.type === 'tool_result') return [{ by: 'tool', text: JSON.stringify(one.content ?? '') }];
    if (one.type !== 'text' || one.text === undefined) return [];
    return [{ by: role === 'assistant' ? 'agent' : 'user', text: one.text }];
  });
}

/** What a request without tools is after is a title or a topic. */
const SIDE = '{"title":"A title","isNewTopic":true}';

let numbers = 0;

async function stream(out: EventStream, model: string, answer: Said): Promise<void> {
  const id = `msg_${++numbers}`;
  const usage = { input_tokens: 1000, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 42 };
  const send = (type: string, rest: object) => out.send(type, { type, ...rest });
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
  send('message_start', { message: { ...message, usage } });
  const index = 0;
  if (answer.as === 'text') {
    send('content_block_start', { index, content_block: { type: 'text', text: '' } });
    for await (const word of wordsOf(answer.text, answer.pace)) {
      send('content_block_delta', { index, delta: { type: 'text_delta', text: word } });
    }
  } else {
    const content_block = { type: 'tool_use', id: `toolu_${numbers}`, name: answer.name, input: {} };
    send('content_block_start', { index, content_block });
    const partial_json = JSON.stringify(answer.input);
    send('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } });
  }
  send('content_block_stop', { index });
  const stop_reason = answer.as === 'text' ? 'end_turn' : 'tool_use';
  send('message_delta', { delta: { stop_reason, stop_sequence: null }, usage });
  send('message_stop', {});
}

const FAILURES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** Anthropic's messages, as Claude Code asks for them: always streamed. */
export const anthropic: Api = {
  read: (path, body) => {
    if (!/\/messages(?:\?|$)/u.test(path)) return null;
    const request = messages.safeParse(body);
    if (!request.success) return null;
    const { data } = request;
    return turnOf(
      data.messages.flatMap(entriesOf),
      data.tools.map(({ name }) => name),
    );
  },
  other: (path) =>
    path.includes('count_tokens')
      ? { status: 200, body: { input_tokens: 1000 } }
      : { status: 404, body: { type: 'error', error: { type: 'not_found_error', message: 'not here' } } },
  failure: (status) => ({
    type: 'error',
    error: { type: FAILURES[status] ?? 'api_error', message: `certified failure ${status}` },
  }),
  stream: (out, { turn, body }, answer) => {
    const model = messages.parse(body).model;
    return stream(out, model, turn.tools.length > 0 ? answer : { as: 'text', text: SIDE });
  },
};
