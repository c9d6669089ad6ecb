import { exit, UserError } from '../../lib/errors.ts';
import type { Message, MessageType } from './types.ts';

type Payload = Readonly<Record<string, unknown>>;
type Kind = 'text' | 'texts' | 'number';

/** Fields of the payloads whose form is known (S0-18, S0-19). Each may be missing or null, and others may stand beside them. */
const SHAPES: Partial<Record<MessageType, Readonly<Record<string, Kind>>>> = {
  TASK_ASSIGNMENT: {
    description: 'text',
    branch: 'text',
    workingDirectory: 'text',
    context: 'texts',
    dependencies: 'texts',
    priority: 'number',
    estimatedDuration: 'number',
  },
  TASK_COMPLETE: { taskId: 'text', summary: 'text', commit: 'text', by: 'text', at: 'text' },
  ERROR: { taskId: 'text', error: 'text', by: 'text', at: 'text' },
};

const WORDS: Readonly<Record<Kind, string>> = { text: 'a text', texts: 'a list of texts', number: 'a number' };

/** Holds a payload to the form that its message's type has. @throws UserError exit 2 */
export function requireShape(type: MessageType, payload: Payload): void {
  for (const [field, kind] of Object.entries(SHAPES[type] ?? {})) {
    const value = payload[field] ?? null;
    if (value === null || is(kind, value)) continue;
    throw new UserError({
      code: 'BAD_PAYLOAD',
      exit: exit.usage,
      message: `In the payload of a ${type} '${field}' is ${WORDS[kind]}, not ${JSON.stringify(value).slice(0, 60)}.`,
      hint: 'swarm msg send --help',
      details: { type, field, expected: kind },
    });
  }
}

/** What of a payload people have to be shown: not what the text says in words, nor what says nothing. */
export function factsOf({ type, text, payload }: Pick<Message, 'type' | 'text' | 'payload'>): Payload {
  const said = text.trim() === '' ? [] : Object.keys(SHAPES[type] ?? {});
  return Object.fromEntries(
    Object.entries(payload).filter(([field, value]) => value !== null && !said.includes(field)),
  );
}

/** What it says: in words, or where it has none by its payload. */
export function saidIn(message: Pick<Message, 'type' | 'text' | 'payload'>): string {
  if (message.text.trim() !== '') return message.text;
  const facts = factsOf(message);
  return Object.keys(facts).length === 0 ? '' : JSON.stringify(facts);
}

function is(kind: Kind, value: unknown): boolean {
  if (kind === 'texts') return Array.isArray(value) && value.every((one) => typeof one === 'string');
  return typeof value === (kind === 'text' ? 'string' : 'number');
}
