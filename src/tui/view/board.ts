import type { Message } from '../../board/messages/types.ts';
import { shortDuration } from '../../lib/duration.ts';
import { oneLine } from '../../lib/text.ts';
import { type BoardData, type Entry, entriesOf, selectedEntry } from '../board.ts';
import { scrolledTo } from '../layout.ts';
import type { Model } from '../state.ts';
import { entryDetails } from './board-details.ts';
import { cut, fitLine, type Line, lineWidth, pad, type Span, span, widthOf } from './span.ts';

/** Columns from which the details stand beside the list. */
const SIDE = 110;
/** Characters of a message's text that its line has at most. */
const MOST_TEXT = 200;

type Row = { readonly title: string } | { readonly entry: Entry };

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The board in place of list and pane: what there is, and what the cursor is on in full. */
export function boardLines(model: Model, width: number, height: number): readonly Line[] {
  const { data } = model.board;
  if (data === null) return filled([[], [span('  reading …', { dim: true })]], { width, height });
  if (entriesOf(data).length === 0) return filled(emptyLines(data), { width, height });
  const parts = partsOf({ width, height });
  const list = listLines(model, data, parts.list);
  const details = detailLines(model, parts.details);
  if (parts.beside) return list.map((line, row) => [...line, span('│', { dim: true }), ...(details[row] ?? [])]);
  const title: Line = [span('─'.repeat(width), { dim: true })];
  return [...list, title, ...details].slice(0, height);
}

/**
 * Messages whose words are all before whoever looks at a screen of this size: those that fit into a line, and the one that
 * the cursor is on once the end of its details is in sight.
 */
export function readableOf(model: Model, size: Size): Message[] {
  const { data } = model.board;
  if (data === null) return [];
  const shown = model.board.detailTop >= mostDetail(model, size) ? selectedEntry(model.board)?.key : null;
  const { list } = partsOf(size);
  return rowsInSight(model, data, list.height).flatMap((row) => {
    if (!('entry' in row) || row.entry.kind !== 'message') return [];
    const { message, key } = row.entry;
    const line = entryLine(row.entry, model.now, { width: list.width - 1, columns: whoColumns(data) });
    const whole = oneLine(message.text, MOST_TEXT) === oneLine(message.text) && lineWidth(line) < list.width;
    return whole || key === shown ? [message] : [];
  });
}

/** The list, and the details beside or below it. */
function partsOf({ width, height }: Size): { readonly list: Size; readonly details: Size; readonly beside: boolean } {
  if (width >= SIDE) {
    const left = Math.floor(width * 0.55);
    return { beside: true, list: { width: left, height }, details: { width: width - left - 1, height } };
  }
  const below = Math.min(12, Math.floor(height / 3));
  return { beside: false, list: { width, height: height - below - 1 }, details: { width, height: below } };
}

/** Rows that a page of the list has. */
export const boardPage = ({ size }: Model): number => Math.max(1, Math.floor((size.rows - 4) / 2));

/** How far the details can be scrolled on a screen of this size. */
export function mostDetail({ board }: Model, size: Size): number {
  const { details } = partsOf(size);
  const entry = selectedEntry(board);
  return entry === null ? 0 : Math.max(0, entryDetails(entry, details.width).length - details.height);
}

function emptyLines({ goal }: BoardData): Line[] {
  return [
    ...goalLines(goal),
    [],
    [span('  No tasks, questions or messages yet. n adds a task; agents add theirs by swarm task and MCP.')],
  ];
}

function goalLines(goal: string | null): Line[] {
  return goal === null ? [] : [[span(' Goal: ', { bold: true }), span(oneLine(goal))]];
}

function listLines(model: Model, data: BoardData, { width, height }: Size): Line[] {
  const goal = goalLines(data.goal).map((line) => fitLine(line, width));
  const selected = selectedEntry(model.board)?.key;
  const columns = whoColumns(data);
  const shown = rowsInSight(model, data, height).map((row) => {
    if ('title' in row) return fitLine([span(` ${row.title}`, { bold: true, dim: true })], width);
    const chosen = row.entry.key === selected;
    const line = fitLine(entryLine(row.entry, model.now, { width: width - 1, columns }), width - 1);
    const cursor = span(chosen ? '▌' : ' ', { colour: 'cyan', bold: true });
    return [cursor, ...line.map((one) => (chosen ? { ...one, inverse: true, dim: false } : one))];
  });
  return filled([...goal, ...shown], { width, height });
}

/** Rows of the list that there is room for. */
function rowsInSight(model: Model, data: BoardData, height: number): Row[] {
  const rows = rowsOf(data);
  const selected = selectedEntry(model.board)?.key;
  const at = rows.findIndex((row) => 'entry' in row && row.entry.key === selected);
  const room = Math.max(1, height - goalLines(data.goal).length);
  // The cursor stays in the middle while there is more on both sides.
  const top = scrolledTo(Math.max(0, at - Math.floor(room / 2)), at, room, rows.length);
  return rows.slice(top, top + room);
}

function rowsOf(data: BoardData): Row[] {
  const entries = entriesOf(data);
  const part = (kind: Entry['kind'], title: string): Row[] => {
    const own = entries.filter((entry) => entry.kind === kind);
    return own.length === 0 ? [] : [{ title }, ...own.map((entry) => ({ entry }))];
  };
  return [
    ...part('question', `Questions that wait (${data.questions.length})`),
    ...part('task', `Tasks: ${taskCounts(data)}`),
    ...part('prompt', `Prompts that wait (${data.prompts.length})`),
    ...part('message', 'Messages, the newest first'),
  ];
}

/** Columns for who has a task, so that the tasks' own words stand under each other. */
function whoColumns({ tasks }: BoardData): number {
  const widest = Math.max(0, ...tasks.map(({ claimedBy }) => widthOf(claimedBy ?? '')));
  return widest === 0 ? 0 : Math.min(widest, 16) + 1;
}

function taskCounts({ tasks }: BoardData): string {
  const statuses = ['claimed', 'available', 'blocked', 'failed', 'done'] as const;
  return statuses
    .map((status) => ({ status, count: tasks.filter((task) => task.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${status}`)
    .join(', ');
}

const TASK_LOOKS = {
  available: { glyph: '○', colour: 'green' },
  claimed: { glyph: '●', colour: 'blue' },
  blocked: { glyph: '◑', colour: 'yellow' },
  failed: { glyph: '✗', colour: 'red' },
  done: { glyph: '✓', colour: undefined },
} as const;

function entryLine(entry: Entry, now: number, { width, columns }: { width: number; columns: number }): Line {
  switch (entry.kind) {
    case 'question': {
      const { from, to, text, createdAt } = entry.message;
      const who =
        to === 'person' ? span(`${from} asks you`, { colour: 'yellow', bold: true }) : span(`${from} asks ${to}`);
      return [span(' ? '), who, age(createdAt, now), span(cut(oneLine(text), width))];
    }
    case 'task': {
      const { task } = entry;
      const { glyph, colour } = TASK_LOOKS[task.status];
      const who = task.claimedBy ?? '';
      const why =
        task.reason !== null && task.status !== 'done'
          ? span(`  ${oneLine(task.reason, 80)}`, { dim: true })
          : span('');
      return [
        span(` ${glyph} ${pad(task.status, 9)} `, { colour }),
        span(`${task.id} `, { bold: true }),
        span(`P${task.priority} `, { dim: task.priority > 2 }),
        span(pad(who, columns), { colour: 'cyan' }),
        age(task.status === 'available' ? task.createdAt : task.updatedAt, now),
        span(oneLine(task.description, 200)),
        why,
      ];
    }
    case 'prompt':
      return [
        span(' » '),
        span(`for ${entry.prompt.name}  `, { colour: 'cyan' }),
        span(oneLine(entry.prompt.text, 200)),
      ];
    case 'message': {
      const { from, to, text, state, createdAt, type, priority } = entry.message;
      const urgent = priority === 'urgent' ? span('urgent ', { colour: 'red' }) : span('');
      return [
        state === 'unknown' ? span(' ? ', { colour: 'yellow' }) : span(` ${state === 'queued' ? '◌' : '·'} `),
        span(`${from} → ${to}`, { colour: 'cyan' }),
        age(createdAt, now),
        urgent,
        span(type === 'TEXT' ? '' : `${type} `, { dim: true }),
        span(oneLine(text, MOST_TEXT)),
      ];
    }
  }
}

/** In steps of ten seconds below a minute, as everywhere in the view. */
function age(at: string, now: number): Span {
  const ms = now - Date.parse(at);
  const words = ms < 10_000 ? 'now' : shortDuration(ms < 60_000 ? Math.floor(ms / 10_000) * 10_000 : ms);
  return span(` ${words.padStart(4)}  `, { dim: true });
}

function detailLines(model: Model, { width, height }: Size): Line[] {
  const entry = selectedEntry(model.board);
  const all = entry === null ? [] : entryDetails(entry, width);
  const top = Math.min(model.board.detailTop, Math.max(0, all.length - height));
  return filled(all.slice(top, top + height), { width, height });
}

function filled(lines: readonly Line[], { width, height }: Size): Line[] {
  const blank = Array.from({ length: Math.max(0, height - lines.length) }, (): Line => []);
  return [...lines.slice(0, height), ...blank].map((line) => fitLine(line, width));
}
