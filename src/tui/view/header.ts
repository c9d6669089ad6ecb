import { isNews } from '../../agents/attention.ts';
import type { AgentStatus } from '../../agents/types.ts';
import type { Model } from '../state.ts';
import { LOOKS } from '../status.ts';
import { type Line, lineWidth, type Span, span, spread } from './span.ts';

/** Statuses that are counted, the loudest first. */
const COUNTED: readonly (readonly [AgentStatus, string])[] = [
  ['failed', 'failed'],
  ['stuck', 'stuck'],
  ['unknown', 'unknown'],
  ['working', 'working'],
  ['starting', 'starting'],
  ['blocked', 'blocked'],
  ['done', 'done'],
  ['idle', 'idle'],
  ['paused', 'paused'],
  ['exited', 'exited'],
];

/** Repository and branch, and how many agents are in which state: who needs a person first. */
export function headerLine(model: Model, width: number): Line {
  const { repository } = model.setting;
  const branch = model.branch === null ? [] : [span(` ${model.branch}`, { colour: 'cyan' })];
  const left = [
    span(' swarm ', { bold: true, inverse: true }),
    span(` ${repository}`, { bold: true }),
    ...branch,
    span('  '),
  ];
  const cost = [span(costWords(model))];
  const room = width - lineWidth(left) - lineWidth(cost);
  return spread([...left, ...whole([...asking(model), ...counts(model), ...collisions(model)], room)], cost, width);
}

/** As many as there is room for: half a count says something else. */
function whole(counted: readonly Span[], room: number): Span[] {
  const shown: Span[] = [];
  for (const one of counted) {
    const next = [...shown, ...(shown.length === 0 ? [] : [span('  ')]), one];
    if (lineWidth(next) > room) break;
    shown.splice(0, shown.length, ...next);
  }
  return shown;
}

/** Questions of the board that wait for the person. */
function asking({ board: { asks } }: Model): Span[] {
  return asks === 0
    ? []
    : [span(` ${asks} ASK${asks === 1 ? 'S' : ''} YOU `, { colour: 'magenta', bold: true, inverse: true })];
}

function counts({ agents }: Model): Span[] {
  if (agents === null) return [span('looking …', { dim: true })];
  if (agents.length === 0) return [];
  const waiting = agents.filter(({ agent }) => agent.status === 'waiting').length;
  const finished = agents.filter(({ agent }) => isNews(agent)).length;
  const needs =
    waiting === 0
      ? []
      : [span(` ${waiting} NEED${waiting === 1 ? 'S' : ''} YOU `, { colour: 'yellow', bold: true, inverse: true })];
  const news = finished === 0 ? [] : [span(`${finished} finished`, { colour: 'green', bold: true })];
  const others = COUNTED.flatMap(([status, word]) => {
    const count = agents.filter(({ agent }) => agent.status === status && !isNews(agent)).length;
    const { colour } = LOOKS[status];
    return count === 0 ? [] : [span(`${count} ${word}`, { colour, dim: colour === undefined })];
  });
  return [...needs, ...news, ...others];
}

/** How often the work of two can't be brought together as it is. */
function collisions({ agents }: Model): Span[] {
  const all = agents?.flatMap(({ agent, conflicts }) => conflicts.filter(({ a }) => a === agent.name)) ?? [];
  const colour = all.some(({ kind }) => kind === 'merge') ? 'red' : 'yellow';
  return all.length === 0 ? [] : [span(`${all.length} collision${all.length === 1 ? '' : 's'}`, { colour })];
}

/** What the team has spent, where that is known. */
function costWords({ agents }: Model): string {
  const tokens = agents?.reduce((sum, { agent }) => sum + agent.budget.consumed, 0) ?? 0;
  return tokens === 0 ? '' : `${tokens.toLocaleString('en')} tokens `;
}
