import { afterEach, describe, expect, it } from 'vitest';
import { anthropic } from '../../scripts/certify/servers/anthropic.ts';
import { gemini } from '../../scripts/certify/servers/gemini.ts';
import { openai } from '../../scripts/certify/servers/openai.ts';
import { DEFAULT_ANSWER } from '../../scripts/certify/servers/script.ts';
import { type Api, type ModelServer, openServer } from '../../scripts/certify/servers/server.ts';
import { failure, text, tool } from '../../scripts/certify/servers/turn.ts';
import { waitFor } from '../support/wait.ts';

/** How a client of each API says a thing. */
interface Dialect {
  readonly api: Api;
  readonly path: string;
  /** A conversation: prompts of the user, and what a tool answered last. */
  body(prompts: readonly string[], result?: string): object;
  /** The streamed words, put together. */
  words(events: readonly Event[]): string;
  /** Name and arguments of the streamed tool call. */
  call(events: readonly Event[]): readonly [unknown, unknown];
}
type Event = Record<string, unknown>;

const DIALECTS: Readonly<Record<string, Dialect>> = {
  anthropic: {
    api: anthropic,
    path: '/v1/messages?beta=true',
    body: (prompts, result) => ({
      model: 'm',
      stream: true,
      tools: [{ name: 'Bash' }],
      messages: [
        { role: 'system', content: 'rules' },
        ...prompts.map((prompt) => ({ role: 'user', content: [{ type: 'text', text: prompt }] })),
        ...(result === undefined
          ? []
          : [
              { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'Bash', input: {} }] },
              { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: result }] },
            ]),
      ],
    }),
    words: (events) => events.map((event) => field(event, 'delta', 'text') ?? '').join(''),
    call: (events) => [
      events.map((event) => field(event, 'content_block', 'name')).find(Boolean),
      JSON.parse(String(events.map((event) => field(event, 'delta', 'partial_json')).find(Boolean))),
    ],
  },
  openai: {
    api: openai,
    path: '/v1/responses',
    body: (prompts, result) => ({
      model: 'm',
      stream: true,
      tools: [{ type: 'function', name: 'exec_command' }],
      input: [
        ...prompts.map((prompt) => ({ role: 'user', content: [{ type: 'input_text', text: prompt }] })),
        ...(result === undefined
          ? []
          : [
              { type: 'function_call', call_id: 'c', name: 'exec_command', arguments: '{}' },
              { type: 'function_call_output', call_id: 'c', output: result },
            ]),
      ],
    }),
    words: (events) => events.map(({ delta }) => (typeof delta === 'string' ? delta : '')).join(''),
    call: (events) => {
      const items = events.filter(({ type }) => type === 'response.output_item.done');
      return [field(items[0], 'item', 'name'), JSON.parse(String(field(items[0], 'item', 'arguments')))];
    },
  },
  gemini: {
    api: gemini,
    path: '/v1beta/models/flash:streamGenerateContent?alt=sse',
    body: (prompts, result) => ({
      tools: [{ functionDeclarations: [{ name: 'run_shell_command' }] }],
      contents: [
        ...prompts.map((prompt) => ({ role: 'user', parts: [{ text: prompt }] })),
        ...(result === undefined
          ? []
          : [
              { role: 'model', parts: [{ functionCall: { name: 'run_shell_command', args: {} } }] },
              {
                role: 'user',
                parts: [{ functionResponse: { name: 'run_shell_command', response: { output: result } } }],
              },
            ]),
      ],
    }),
    words: (events) =>
      events
        .flatMap(partsOf)
        .map((part) => part['text'] ?? '')
        .join(''),
    call: (events) => {
      const call = events.flatMap(partsOf).find((part) => 'functionCall' in part);
      return [field(call, 'functionCall', 'name'), field(call, 'functionCall', 'args')];
    },
  },
};

function field(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), value);
}

function partsOf(event: Event): Event[] {
  const parts: unknown = field(event, 'candidates', '0', 'content', 'parts');
  return Array.isArray(parts) ? parts : [];
}

const open: ModelServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serverFor({ api }: Dialect): Promise<ModelServer> {
  const server = await openServer(api);
  open.push(server);
  return server;
}

function ask(server: ModelServer, { path }: Dialect, body: object, signal?: AbortSignal): Promise<Response> {
  return fetch(server.url + path, { method: 'POST', body: JSON.stringify(body), ...(signal ? { signal } : {}) });
}

async function eventsOf(response: Response): Promise<Event[]> {
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => JSON.parse(line.slice('data: '.length)) as Event);
}

describe.each(Object.entries(DIALECTS))('the stand-in for %s', (_, dialect) => {
  it('answers what the newest marker says, and remembers what it was sent', async () => {
    const server = await serverFor(dialect);
    server.plan('certify-2', text('two words'));
    const prompt = 'before\n"certify-2" $(x) 👩‍💻\\';
    const response = await ask(server, dialect, dialect.body(['certify-1 old', prompt, '<reminder>']));
    expect(dialect.words(await eventsOf(response))).toBe('two words');
    expect(server.turns('certify-1')).toEqual([]);
    expect(server.turns('certify-2')).toMatchObject([
      {
        state: 'answered',
        turn: { prompt, marker: 'certify-2', results: [], said: ['certify-1 old', prompt, '<reminder>'] },
      },
    ]);
    const other = await ask(server, dialect, dialect.body(['certify-9']));
    expect(dialect.words(await eventsOf(other))).toBe(DEFAULT_ANSWER);
  });

  it('calls a tool, and says what comes next when the tool has answered', async () => {
    const server = await serverFor(dialect);
    server.plan('certify-1', tool('run', { command: 'ls "x"' }), text('It ran.'));
    const call = await ask(server, dialect, dialect.body(['certify-1']));
    expect(dialect.call(await eventsOf(call))).toEqual(['run', { command: 'ls "x"' }]);
    const next = await ask(server, dialect, dialect.body(['certify-1'], 'its output'));
    expect(dialect.words(await eventsOf(next))).toBe('It ran.');
    expect(server.turns('certify-1')[1]?.turn?.results).toMatchObject([expect.stringContaining('its output')]);
  });

  it('fails until it is mended', async () => {
    const server = await serverFor(dialect);
    server.plan('certify-1', failure(503));
    const failed = await ask(server, dialect, dialect.body(['certify-1']));
    expect(failed.status).toBe(503);
    expect(await failed.json()).toMatchObject({ error: { message: 'certified failure 503' } });
    server.plan('certify-1', text('mended'));
    const mended = await ask(server, dialect, dialect.body(['certify-1']));
    expect(dialect.words(await eventsOf(mended))).toBe('mended');
    expect(server.turns('certify-1').map(({ state }) => state)).toEqual(['failed', 'answered']);
  });

  it('holds an answer back until it is released, and sees who hangs up meanwhile', async () => {
    const server = await serverFor(dialect);
    server.hold('certify-1');
    const hangsUp = new AbortController();
    const first = ask(server, dialect, dialect.body(['certify-1']), hangsUp.signal).catch(() => 'hung up');
    const second = ask(server, dialect, dialect.body(['certify-1']));
    const states = () => server.turns('certify-1').map(({ state }) => state);
    await waitFor((see) => (see(states()).filter((state) => state === 'held').length === 2 ? true : null), 'both held');
    hangsUp.abort();
    expect(await first).toBe('hung up');
    await waitFor((see) => (see(states()).includes('broken') ? true : null), 'the broken one');
    server.release('certify-1');
    expect(dialect.words(await eventsOf(await second))).toBe(DEFAULT_ANSWER);
    expect(states().toSorted()).toEqual(['answered', 'broken']);
  });

  it('does not take a title, a list or a count for a turn', async () => {
    const server = await serverFor(dialect);
    server.plan('certify-1', failure(400));
    const side = await ask(server, dialect, { ...dialect.body(['certify-1 make a title']), tools: [] });
    expect(side.status).toBe(200);
    expect(dialect.words(await eventsOf(side))).not.toBe('');
    expect((await fetch(`${server.url}/v1/elsewhere`)).status).toBe(404);
    expect(server.turns('certify-1')).toEqual([]);
    expect(server.requests.map(({ turn }) => turn?.marker)).toEqual(['certify-1', undefined]);
  });
});
