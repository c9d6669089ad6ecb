import { oneLine } from '../lib/text.ts';
import { inputWords } from './tools/line.ts';

type Data = Readonly<Record<string, unknown>>;

/** Characters of one value, or of a text, that are shown. */
const MOST = 200;

/** What happened, for people: what its type does not say already. Types that are not here tell their values. */
const WORDS: Readonly<Record<string, (data: Data) => string>> = {
  status: ({ from, to, reason }) => `${from} → ${to}: ${reason ?? ''}`,
  delivery: (data) => deliveryWords(data),
  left: ({ reason }) => `${reason}`,
  renamed: ({ from }) => `was ${from}`,
  hook: ({ name }) => `ran the hooks ${name}`,
  'hook-skipped': ({ name, reason }) => `did not run the hooks ${name}: ${reason}`,
  'supervisor-trouble': ({ job, message }) => `${job}: ${message}`,
  'task-created': ({ task, description }) => short(`${task}: ${description}`),
  'task-done': ({ task, summary, commit }) =>
    `${task}: ${short(summary ?? '')}${text(commit) ? ` (commit ${commit})` : ''}`,
  message: ({ to, text: words, kind }) => `to ${list(to)}: ${words || kind}`,
  question: ({ to, text: words }) => `asks ${list(to)}: ${words ?? ''}`,
  answer: ({ to, text: words }) => `answers ${list(to)}: ${words ?? ''}`,
  'message-seen': ({ ids, evidence }) => `${messages(ids)}, by ${evidence}`,
  'message-unknown': ({ ids, reason, evidence }) =>
    `${messages(ids)}: ${reason ?? evidence ?? 'nobody knows whether it was typed'}`,
  'message-expired': ({ ids, reason }) => `${messages(ids)}: ${reason}`,
  'mass-death': ({ agents }) => `${list(agents)} died at once`,
  'database-restored': ({ backedUpAt, kept }) =>
    `it was damaged, and is back as of ${backedUpAt}${text(kept) ? `; what was there is ${kept}` : ''}`,
  'database-gap': ({ since, unknown, gone, readopted }) =>
    `since ${since}: spawned and unknown: ${list(unknown) || 'none'}; removed and back: ${list(gone) || 'none'}; taken over as they run: ${list(readopted) || 'none'}`,
  'plan-set': ({ goal }) => `${goal}`,
  progress: ({ task, percent, text: words }) =>
    `${text(task) ? `${task}: ` : ''}${words}${typeof percent === 'number' ? ` (${percent} %)` : ''}`,
  memory: ({ kind, team, text: words }) => `${team === false ? 'own ' : ''}${kind}: ${words ?? ''}`,
  tool_call_start: ({ tool_name: tool, tool_input: input }) => `→ ${tool ?? 'a tool'} ${inputWords(input)}`,
  tool_call_complete: ({ tool_name: tool, success, error }) =>
    success === false ? `✗ ${tool ?? 'a tool'}: ${error}` : `✓ ${tool ?? 'a tool'}`,
};

/** What an event says beside its type, on one line. */
export function eventWords(type: string, data: Data): string {
  const words = Object.hasOwn(WORDS, type) ? WORDS[type] : undefined;
  return oneLine(words?.(data) ?? (type.startsWith('task-') ? taskWords(data) : valueWords(data)));
}

/** What means something only to the program. */
const INNER = /^(?:id|conversation|message|mark|pane|tip|window)$/u;

/** `task-001: reason · to worker-2`. */
function taskWords({ task, reason, ...rest }: Data): string {
  const more = valueWords(rest);
  return [`${task}${text(reason) ? `: ${short(reason)}` : ''}`, more].filter((part) => part !== '').join(' · ');
}

function valueWords(data: Data): string {
  return Object.entries(data)
    .filter(([name, value]) => !INNER.test(name) && value !== null && value !== '' && typeof value !== 'object')
    .map(([name, value]) => oneLine(`${name} ${String(value)}`, MOST))
    .join(' · ');
}

/** What became of a prompt: ids say nothing to a person. */
function deliveryWords({ state, evidence, reason }: Data): string {
  return `prompt ${state}${text(evidence) ? `, seen by ${evidence}` : ''}${text(reason) ? `: ${reason}` : ''}`;
}

const short = (value: unknown) => oneLine(String(value), MOST);
const text = (value: unknown): value is string => typeof value === 'string' && value !== '';
const list = (value: unknown) => (Array.isArray(value) ? value.join(', ') : String(value ?? 'somebody'));

function messages(ids: unknown): string {
  const count = Array.isArray(ids) ? ids.length : 1;
  return count === 1 ? '1 message' : `${count} messages`;
}
