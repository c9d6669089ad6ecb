import { isNews } from '../../agents/attention.ts';
import type { LiveAgent } from '../../agents/live.ts';
import type { Model } from '../state.ts';
import { ageOf, LOOKS } from '../status.ts';
import { cut, fitLine, type Line, lineWidth, type Span, span } from './span.ts';

interface Column {
  readonly title: string;
  /** What is left out first where there is little room: the highest number. */
  readonly drops: number;
  /** Columns beyond which a cell is cut. */
  readonly most: number;
  /** Columns to which its cells are cut before it is left out. */
  readonly least?: number;
  readonly cell: (live: LiveAgent, model: Model) => Line;
}

const GAP = 2;
/** Columns that the reason needs to say anything. */
const LEAST_REASON = 14;

const COLUMNS: readonly Column[] = [
  { title: 'STATUS', drops: 0, most: 12, cell: statusCell },
  { title: 'AGENT', drops: 0, most: 20, cell: ({ agent }) => [span(agent.name, { bold: true })] },
  { title: 'TICKET', drops: 4, most: 24, least: 8, cell: ({ agent }) => [span(agent.ticket ?? '')] },
  { title: 'CLI', drops: 6, most: 10, cell: ({ agent }) => [span(agent.cli)] },
  {
    title: 'BRANCH',
    drops: 9,
    most: 24,
    cell: ({ agent }) => [span(agent.branch === agent.ticket ? '' : (agent.branch ?? ''))],
  },
  { title: 'COMMITS', drops: 5, most: 10, cell: commitsCell },
  { title: 'LINES', drops: 3, most: 14, cell: linesCell },
  { title: 'COLLIDES', drops: 2, most: 16, least: 2, cell: collisionCell },
  { title: 'PORTS', drops: 7, most: 18, cell: portsCell },
  { title: 'FOR', drops: 1, most: 4, cell: ({ agent }, { now }) => [span(ageOf(agent, now), { dim: true })] },
];

function statusCell({ agent }: LiveAgent): Line {
  const { glyph, colour } = LOOKS[agent.status];
  const needs = agent.status === 'waiting' || agent.status === 'failed' || agent.status === 'stuck';
  return [span(`${glyph} ${agent.status}${isNews(agent) ? '*' : ''}`, { colour, bold: needs || isNews(agent) })];
}

function commitsCell({ agent: { git } }: LiveAgent): Line {
  const words = [git?.ahead ? `↑${git.ahead}` : '', git?.behind ? `↓${git.behind}` : ''];
  return [span(words.filter((word) => word !== '').join(' '))];
}

function linesCell({ agent: { git } }: LiveAgent): Line {
  const plus = git?.insertions ? [span(`+${git.insertions}`, { colour: 'green' })] : [];
  const minus = git?.deletions ? [span(`-${git.deletions}`, { colour: 'red' })] : [];
  return plus.length > 0 && minus.length > 0 ? [...plus, span(' '), ...minus] : [...plus, ...minus];
}

/** With whom its work collides, or with how many. */
function collisionCell({ agent, conflicts }: LiveAgent): Line {
  const others = new Set(conflicts.map(({ a, b, target }) => (a === agent.name ? (b ?? target ?? '') : a)));
  const [first] = others;
  if (first === undefined) return [];
  const colour = conflicts.some(({ kind }) => kind === 'merge') ? 'red' : 'yellow';
  return [span(`≠ ${others.size === 1 ? first : others.size}`, { colour })];
}

/** A filled mark: something listens there. */
function portsCell({ agent, listening }: LiveAgent): Line {
  return Object.entries(agent.ports).flatMap(([name, port], index): Span[] => {
    const up = listening.includes(name);
    return [span(`${index === 0 ? '' : ' '}${port}${up ? '▲' : '▽'}`, up ? { colour: 'green' } : { dim: true })];
  });
}

/** Title and rows of the list, as many as fitLine, each in exactly `width` columns. */
export function listLines(model: Model, listed: readonly LiveAgent[], width: number, height: number): readonly Line[] {
  const rows = listed.slice(model.listTop, model.listTop + height - 1);
  const cells = rows.map((live) => COLUMNS.map((column) => column.cell(live, model)));
  const natural = COLUMNS.map((column, index) =>
    Math.min(column.most, Math.max(0, ...cells.map((line) => lineWidth(line[index] ?? [])))),
  );
  const widths = widthsIn(natural, width - 2);
  const shown = COLUMNS.map((_, index) => index).filter((index) => (widths[index] ?? 0) > 0);
  const used = shown.reduce((sum, index) => sum + (widths[index] ?? 0) + GAP, 2);
  const room = width - used;
  const lines = rows.map((live, row) => {
    const parts = shown.flatMap(
      (index): Line => [...fitCell(cells[row]?.[index] ?? [], widths[index] ?? 0), span(' '.repeat(GAP))],
    );
    const words = `${live.agent.takenOver ? 'yours · ' : ''}${live.agent.reason ?? ''}`;
    const reason = room >= LEAST_REASON ? [span(cut(words, room), { dim: true })] : [];
    return rowLine(model, live, fitLine([...parts, ...reason], width - 2));
  });
  return [titleLine(model, listed.length, rows.length, width), ...lines];
}

/** A cell in its width, with an ellipsis where it is longer. */
function fitCell(cell: Line, width: number): Line {
  const [first] = cell;
  if (cell.length === 1 && first !== undefined) return fitLine([{ ...first, text: cut(first.text, width) }], width);
  return fitLine(cell, width);
}

/** The width of each column: 0 where it has nothing to show, or no room. What may be cut is cut before it is left out. */
function widthsIn(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const excess = () => widths.reduce((sum, one) => sum + (one > 0 ? one + GAP : 0), -GAP) - width;
  const order = COLUMNS.map(({ drops, least = null }, index) => ({ drops, least, index }))
    .filter(({ drops }) => drops > 0)
    .toSorted((a, b) => b.drops - a.drops);
  for (const { index, least } of order) {
    if (excess() <= 0) break;
    const left = (widths[index] ?? 0) - excess();
    widths[index] = least !== null && left >= least ? left : 0;
  }
  return widths;
}

function rowLine(model: Model, { agent }: LiveAgent, line: Line): Line {
  const selected = agent.id === model.selected;
  const mark = model.marked.has(agent.id) ? span('✚', { colour: 'magenta', bold: true }) : span(' ');
  const cursor = span(selected ? '▌' : ' ', { colour: 'cyan', bold: true });
  const dim = model.hidden.has(agent.id);
  return [cursor, mark, ...line.map((one) => ({ ...one, inverse: selected, dim: selected ? false : dim || one.dim }))];
}

/** How many there are, in what order, and how many of them are out of sight. */
function titleLine(model: Model, count: number, shown: number, width: number): Line {
  const { sort, filter, marked, hidden, showHidden, listTop } = model;
  const away = hidden.size === 0 ? '' : ` · ${showHidden ? '+' : ''}${hidden.size} hidden`;
  const below = count - listTop - shown;
  const unseen = [listTop > 0 ? [`${listTop} above`] : [], below > 0 ? [`${below} below`] : []].flat();
  const facts = [
    span(` ${count} agent${count === 1 ? '' : 's'} · by ${sort}`, { dim: true }),
    span(filter === '' ? '' : ` · /${filter}`, { colour: 'cyan' }),
    span(marked.size === 0 ? '' : ` · ${marked.size} marked`, { colour: 'magenta' }),
    span(away, { dim: true }),
    span(unseen.length === 0 ? '' : ` · ${unseen.join(', ')}`, { colour: 'yellow' }),
  ];
  return fitLine(facts, width);
}
