import { exit } from '../lib/errors.ts';
import { oneLine, plainLine } from '../lib/text.ts';
import type { QueueEntry } from '../merge/queue/entries.ts';
import { paint } from './output.ts';
import { table } from './table.ts';

const COLOURS = {
  requested: 'cyan',
  queued: 'cyan',
  running: 'yellow',
  rework: 'yellow',
  merged: 'green',
  returned: 'red',
  removed: 'dim',
} as const;

/** The merge queue, in the order of its turns. */
export function renderQueue(entries: readonly QueueEntry[], paused: string | null): string {
  const rests =
    paused === null ? [] : [`${paint('yellow', 'The queue rests')}: ${plainLine(paused)}`, '→ swarm queue run'];
  if (entries.length === 0) return ['No merge waits.', ...rests].join('\n');
  const columns = [
    { title: 'AGENT' },
    { title: 'INTO' },
    { title: 'STATE' },
    { title: 'PRIO', align: 'right' },
    { title: 'REASON', shrinks: true },
  ] as const;
  const rows = entries.map(({ agent, into, state, priority, reason, task }) => [
    agent,
    plainLine(into),
    paint(COLOURS[state], state),
    String(priority),
    oneLine([reason, state === 'rework' ? task : null].filter((one) => one !== null).join('; '), 200),
  ]);
  return [table(columns, rows).trimEnd(), ...rests].join('\n');
}

/** What turns came to, a line each. */
export function renderTurns(turns: readonly QueueEntry[], paused: string | null): string {
  if (turns.length === 0) return renderQueue([], paused);
  return turns
    .map(({ agent, into, state, reason }) => {
      const why = reason === null ? '' : `: ${oneLine(reason, 200)}`;
      return `${paint(COLOURS[state], state)}  ${agent} into ${plainLine(into)}${why}`;
    })
    .join('\n');
}

/** 1 when something was sent back, 4 when every merge that had its turn was refused and waits on. */
export function exitOfTurns(turns: readonly QueueEntry[]): number {
  if (turns.some(({ state }) => state === 'returned' || state === 'rework')) return exit.failed;
  return turns.length > 0 && turns.every(({ state }) => state === 'queued') ? exit.refused : exit.done;
}
