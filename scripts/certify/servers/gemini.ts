import { z } from 'zod';
import type { Api, EventStream, Said } from './server.ts';
import { type Entry, turnOf } from './turn.ts';
import { wordsOf } from './words.ts';

const part = z.looseObject({ text: z.string().optional(), functionResponse: z.unknown().optional() });
const content = z.looseObject({ role: z.string().optional(), parts: z.array(part).default([]) });
const generate = z.looseObject({
  contents: z.array(content),
  tools: z
    .array(z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })).default([]) }))
    .default([]),
});

/** The parts of one message that are text are one text: Gemini CLI cuts where a file is named. */
function entriesOf({ role, parts }: z.infer<typeof content>): Entry[] {
  const results = parts.filter(({ functionResponse }) => functionResponse !== undefined);
  const texts = parts.flatMap(({ text }) => text ?? []);
  return [
    ...results.map((one): Entry => ({ by: 'tool', text: JSON.stringify(one.functionResponse) })),
    ...texts.map((text): Entry => ({ by: role === 'model' ? 'agent' : 'user', text })),
  ];
}

/** What requests without tools are after: which model is to answer, and who speaks next. */
const SIDE = JSON.stringify({
  reasoning: 'certified',
  model_choice: 'flash',
  next_speaker: 'user',
  complexity_reasoning: 'none',
  complexity_score: 10,
});

async function stream(out: EventStream, modelVersion: string, answer: Said): Promise<void> {
  const chunk = (parts: readonly object[], end: object = {}) =>
    out.send(null, { candidates: [{ content: { role: 'model', parts }, index: 0, ...end }], modelVersion });
  if (answer.as === 'text') {
    for await (const text of wordsOf(answer.text, answer.pace)) chunk([{ text }]);
    chunk([{ text: '' }], { finishReason: 'STOP' });
    return;
  }
  chunk([{ functionCall: { name: answer.name, args: answer.input } }], { finishReason: 'STOP' });
}

const modelOf = (path: string) => /models\/([^:]+):/u.exec(path)?.[1] ?? 'certified';

/** Gemini's streamGenerateContent, as Gemini CLI asks for it. Its side questions are not streamed: see {@link openServer}. */
export const gemini: Api = {
  read: (path, body) => {
    if (!/:streamGenerateContent\b/u.test(path)) return null;
    const request = generate.safeParse(body);
    if (!request.success) return null;
    const tools = request.data.tools.flatMap(({ functionDeclarations }) =>
      functionDeclarations.map(({ name }) => name),
    );
    return turnOf(request.data.contents.flatMap(entriesOf), tools);
  },
  other: (path) => {
    if (path.includes(':countTokens')) return { status: 200, body: { totalTokens: 1000 } };
    if (!path.includes(':generateContent')) return { status: 404, body: { error: { code: 404, message: 'not here' } } };
    const candidates = [{ content: { role: 'model', parts: [{ text: SIDE }] }, index: 0, finishReason: 'STOP' }];
    return { status: 200, body: { candidates, modelVersion: modelOf(path) } };
  },
  failure: (status) => ({ error: { code: status, message: `certified failure ${status}`, status: 'CERTIFIED' } }),
  stream: (out, { turn, path }, answer) =>
    stream(out, modelOf(path), turn.tools.length > 0 ? answer : { as: 'text', text: SIDE }),
};
