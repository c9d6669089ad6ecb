import { eventWords } from '../../agents/event-words.ts';
import type { LogLine } from '../../agents/log/log.ts';
import { type Line, span } from './span.ts';

/** Columns of the usual types; a longer one moves its words to the right. */
const TYPE = 10;

/** An agent's history, the newest first, each event in a line. */
export function logLines(events: readonly LogLine[]): readonly Line[] {
  if (events.length === 0) return [[], [span('  Nothing has happened yet.', { dim: true })]];
  return events.map(({ id, at, type, data }) => [
    span(` ${clock(at)}  `, { dim: true }),
    span((id === null ? 'tool' : type).padEnd(TYPE), { bold: true, colour: type === 'status' ? 'blue' : 'cyan' }),
    span(`  ${eventWords(type, data)}`),
  ]);
}

/** In the person's own time; with the day where it is another one. */
export function clock(at: string, now = new Date()): string {
  const date = new Date(at);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'));
  const day = date.toDateString() === now.toDateString() ? '' : `${date.getMonth() + 1}-${date.getDate()} `;
  return day + time.join(':');
}
