import type { HistoryEvent } from '../../agents/history.ts';
import { oneLine } from '../../lib/text.ts';
import { type Line, span } from './span.ts';

/** Columns of the usual types; a longer one moves its words to the right. */
const TYPE = 10;

/** An agent's history, the newest first, each event in a line. */
export function logLines(events: readonly HistoryEvent[]): readonly Line[] {
  if (events.length === 0) return [[], [span('  Nothing has happened yet.', { dim: true })]];
  return events.map(({ at, type, data }) => [
    span(` ${clock(at)}  `, { dim: true }),
    span(type.padEnd(TYPE), { bold: true, colour: type === 'status' ? 'blue' : 'cyan' }),
    span(`  ${words(type, data)}`),
  ]);
}

/** In the person's own time; with the day where it is another one. */
export function clock(at: string, now = new Date()): string {
  const date = new Date(at);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'));
  const day = date.toDateString() === now.toDateString() ? '' : `${date.getMonth() + 1}-${date.getDate()} `;
  return day + time.join(':');
}

function words(type: string, data: HistoryEvent['data']): string {
  if (type === 'status') return oneLine(`${data['from']} → ${data['to']}: ${data['reason'] ?? ''}`);
  if (type === 'delivery') return oneLine(deliveryWords(data));
  return Object.entries(data)
    .filter(([, value]) => value !== null && value !== '' && typeof value !== 'object')
    .map(([name, value]) => oneLine(`${name} ${String(value)}`, 100))
    .join(' · ');
}

/** What became of a prompt: ids say nothing to a person. */
function deliveryWords({ state, evidence, reason }: HistoryEvent['data']): string {
  const seen = typeof evidence === 'string' ? `, seen by ${evidence}` : '';
  return `prompt ${state}${seen}${typeof reason === 'string' ? `: ${reason}` : ''}`;
}
