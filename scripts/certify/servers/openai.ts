import { z } from 'zod';
import type { Api, EventStream, Said } from './server.ts';
import { type Entry, turnOf } from './turn.ts';
import { wordsOf } from './words.ts';

const part = z.looseObject({ text: z.string().optional() });
const item = z.looseObject({
  type: z.string().optional(),
  role: z.string().optional(),
  content: z.union([z.string(), z.array(part), z.null()]).optional(),
  output: z.unknown().optional(),
});
const responses = z.looseObject({
  model: z.string(),
  tools: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })).default([]),
  input: z.union([z.string(), z.array(item)]),
});

type Item = z.infer<typeof item>;

function entriesOf(one: Item): Entry[] {
  if (/call_output$/u.test(one.type ?? '')) return [{ by: 'tool', text: JSON.stringify(one.output ?? '') }];
  if (one.role !== 'user' && one.role !== 'assistant') return [];
  const by = one.role === 'user' ? 'user' : 'agent';
  if (typeof one.content === 'string') return [{ by, text: one.content }];
  return (one.content ?? []).flatMap(({ text }): Entry[] => (text === undefined ? [] : [{ by, text }]));
}

let numbers = 0;

async function stream(out: EventStream, model: string, answer: Said): Promise<void> {
  const number = ++numbers;
  let sequence = 0;
  const send = (type: string, rest: object) => out.send(type, { type, sequence_number: sequence++, ...rest });
  const base = { id: `resp_${number}`, object: 'response', created_at: Math.floor(Date.now() / 1000), model };
  send('response.created', { response: { ...base, status: 'in_progress', output: [] } });
  const item = answer.as === 'text' ? await streamText(send, number, answer) : streamCall(send, number, answer);
  const usage = {
    input_tokens: 1000,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 42,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 1042,
  };
  send('response.completed', { response: { ...base, status: 'completed', output: [item], usage } });
}

type Send = (type: string, rest: object) => void;

async function streamText(send: Send, number: number, answer: Extract<Said, { as: 'text' }>): Promise<object> {
  const id = `msg_${number}`;
  const at = { item_id: id, output_index: 0, content_index: 0 };
  const item = { type: 'message', id, role: 'assistant' };
  send('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } });
  send('response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [] } });
  for await (const delta of wordsOf(answer.text, answer.pace)) send('response.output_text.delta', { ...at, delta });
  send('response.output_text.done', { ...at, text: answer.text });
  const content = [{ type: 'output_text', text: answer.text, annotations: [] }];
  const whole = { ...item, status: 'completed', content };
  send('response.output_item.done', { output_index: 0, item: whole });
  return whole;
}

function streamCall(send: Send, number: number, answer: Extract<Said, { as: 'tool' }>): object {
  const id = `fc_${number}`;
  const at = { item_id: id, output_index: 0 };
  const { name, namespace } = answer;
  const call = { type: 'function_call', id, call_id: `call_${number}`, name, namespace };
  const args = JSON.stringify(answer.input);
  send('response.output_item.added', { output_index: 0, item: { ...call, arguments: '', status: 'in_progress' } });
  send('response.function_call_arguments.delta', { ...at, delta: args });
  send('response.function_call_arguments.done', { ...at, arguments: args });
  const whole = { ...call, arguments: args, status: 'completed' };
  send('response.output_item.done', { output_index: 0, item: whole });
  return whole;
}

/** By these CLIs tell whether it helps to try again. */
const FAILURES: Readonly<Record<number, string>> = { 400: 'invalid_request_error', 429: 'rate_limit_error' };

/** OpenAI's responses, as Codex and OpenCode ask for them: always streamed. */
export const openai: Api = {
  read: (path, body) => {
    if (!/\/responses(?:\?|$)/u.test(path)) return null;
    const request = responses.safeParse(body);
    if (!request.success) return null;
    const { input, tools } = request.data;
    const entries = typeof input === 'string' ? [{ by: 'user' as const, text: input }] : input.flatMap(entriesOf);
    return turnOf(
      entries,
      tools.map(({ name, type }) => name ?? type),
    );
  },
  other: (path) =>
    path.includes('/models')
      ? { status: 200, body: { object: 'list', data: [{ id: 'certified', object: 'model' }], models: [] } }
      : { status: 404, body: { error: { message: 'not here' } } },
  failure: (status) => ({
    error: { message: `certified failure ${status}`, type: FAILURES[status] ?? 'server_error', code: null },
  }),
  stream: (out, { turn, body }, answer) => {
    const { model } = responses.parse(body);
    return stream(out, model, turn.tools.length > 0 ? answer : { as: 'text', text: 'A title' });
  },
};
