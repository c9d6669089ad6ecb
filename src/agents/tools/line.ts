import { oneLine } from '../../lib/text.ts';
import type { ToolRecord } from './record.ts';

/** Characters of an input that are shown. */
const MOST = 100;
/** What says most about a call, the best first: Claude Code's names of inputs, then those of others. */
const TELLING = [
  'command',
  'file_path',
  'filePath',
  'notebook_path',
  'absolute_path',
  'path',
  'pattern',
  'query',
  'url',
  'description',
  'prompt',
];

/** `[WORKER-1] → Read src/main.ts`; null for what nobody needs to see pass: a call that ended well, a turn's end. */
export function toolLine(record: ToolRecord): string | null {
  const { event, agent_id: agent, tool_name: tool, tool_input: input, success, error } = record;
  if (event === 'tool_call_start') return oneLine(`[${agent}] → ${tool ?? 'a tool'} ${inputWords(input)}`);
  if (event === 'tool_call_complete' && success === false)
    return oneLine(`[${agent}] ✗ ${tool ?? 'a tool'}: ${oneLine(error ?? 'failed', MOST)}`);
  return null;
}

/** Whether somebody needs to see it pass. */
export function isTold({ event, success }: Readonly<Record<string, unknown>>): boolean {
  return event === 'tool_call_start' || (event === 'tool_call_complete' && success === false);
}

/** A call's input in short. */
export function inputWords(input: unknown): string {
  if (typeof input === 'string') return oneLine(input, MOST);
  if (typeof input !== 'object' || input === null) return '';
  const telling = TELLING.map((name): unknown => Reflect.get(input, name));
  const word = [...telling, ...Object.values(input)].find((value) => typeof value === 'string' && value !== '');
  return typeof word === 'string' ? oneLine(word, MOST) : '';
}
