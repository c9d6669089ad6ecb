import { stripControls } from '../../lib/text.ts';
import type { Dialog, Entry, State } from './state.ts';
import { columnsOf, wrap } from './width.ts';

/** The part of the screen that changes, and where its cursor is. */
export interface Live {
  /** At most as many as the screen has, each at most as wide; with SGR. */
  readonly lines: readonly string[];
  /** Null: hidden. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

export interface View {
  /** Columns to draw in: one less than the terminal has, since clearing the rest of a full line would clear its end. */
  readonly width: number;
  readonly height: number;
  /** Milliseconds, on the clock of the events. */
  readonly now: number;
  /** What stands in the footer. */
  readonly footer: string;
}

const PLACEHOLDER = 'Type your prompt';
/** Lines of the transcript that a long prompt gets. */
const MOST_OF_PROMPT = 20;

const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;
const bold = (text: string) => `\u001b[1m${text}\u001b[22m`;
const red = (text: string) => `\u001b[31m${text}\u001b[39m`;

/** What the window is called. */
export function titleOf(state: State): string {
  const mark = state.dialog ? '[ ! ]' : state.phase === 'working' || state.phase === 'hung' ? '⠐' : '✳';
  return `${mark} ${state.title ?? 'scripted'}`;
}

/** Something said or done, as it goes into the scrollback. */
export function entryLines(entry: Entry, width: number): string[] {
  switch (entry.kind) {
    case 'user':
      return ['', ...hanging('❯ ', head(entry.text), width)];
    case 'agent':
      return ['', ...hanging('● ', plainLines(entry.text), width)];
    case 'tool':
      return ['', ...hanging('● ', plainLines(entry.text), width).map(bold)];
    case 'result':
      return hanging('  ⎿  ', plainLines(entry.text), width).map(dim);
    case 'note':
      return hanging('  ⎿  ', plainLines(entry.text), width).map(dim);
    case 'error':
      return ['', ...hanging('● ', plainLines(entry.text), width).map(red)];
    case 'print':
      return plainLines(entry.text).flatMap((line) => wrap(line, width));
  }
}

/** What is redrawn at the bottom: the working line, prompts that wait, and the box or a question. */
export function live(state: State, view: View): Live {
  if (state.dialog) return dialogLines(state.dialog, view);
  const above: string[] = [''];
  if (state.phase !== 'idle') {
    const seconds = Math.max(0, Math.floor((view.now - (state.workingSince ?? view.now)) / 1000));
    above.push(cut(`✻ Working… (${seconds}s · esc to interrupt)`, view.width), '');
  }
  for (const { text } of state.queue) {
    above.push(dim(cut(`  ⎿  Queued · ${plainLines(text)[0] ?? ''}`, view.width)));
  }
  const rule = dim('─'.repeat(view.width));
  const box = boxLines(state, view, view.height - above.length - 3);
  const footer = dim(cut(`  ${state.notice ?? view.footer}`, view.width));
  const cursor = { row: above.length + box.lines.length, column: box.column };
  return clip({ lines: [...above, rule, ...box.lines, rule, footer], cursor }, view);
}

/** The draft, from its end when there is not room for all of it. */
function boxLines(state: State, view: View, room: number): { lines: string[]; column: number } {
  const shown = state.draft.map(({ text, label }) => label ?? text).join('');
  if (shown === '') return { lines: [`❯ ${dim(cut(PLACEHOLDER, view.width - 2))}`], column: 2 };
  // One column is left for the cursor behind a full line.
  const lines = hanging('❯ ', plainLines(shown), view.width - 1);
  const visible = lines.slice(-Math.max(1, room));
  if (visible.length < lines.length) {
    const above = `… ${lines.length - visible.length + 1} lines above`;
    visible[0] = `❯ ${visible.length > 1 ? dim(cut(above, view.width - 2)) : (visible[0] ?? '').slice(2)}`;
  }
  return { lines: visible, column: columnsOf(visible.at(-1) ?? '') };
}

function dialogLines(dialog: Dialog, view: View): Live {
  const rule = dim('─'.repeat(view.width));
  const options = dialog.options.map((option, i) => {
    const line = cut(`${i === dialog.selected ? '❯' : ' '} ${i + 1}. ${option}`, view.width - 1);
    return ` ${i === dialog.selected ? bold(line) : line}`;
  });
  const footer = {
    permission: 'Esc to cancel',
    question: 'Enter to select · ↑/↓ to navigate · Esc to cancel',
    trust: 'Enter to confirm · Esc to cancel',
  }[dialog.kind];
  const text = hanging(' ', plainLines(dialog.text), view.width);
  return clip({ lines: ['', rule, ...text, ...options, '', dim(cut(` ${footer}`, view.width))], cursor: null }, view);
}

/** No more lines than the screen has: the last ones. */
function clip(live: Live, view: View): Live {
  const over = Math.max(0, live.lines.length - view.height);
  const cursor = live.cursor && { ...live.cursor, row: Math.max(0, live.cursor.row - over) };
  return { lines: live.lines.slice(over), cursor };
}

/** Lines without control characters; a tab is four columns. */
function plainLines(text: string): string[] {
  return stripControls(text.replace(/\r\n?/g, '\n')).replaceAll('\t', '    ').split('\n');
}

function head(text: string): string[] {
  const lines = plainLines(text);
  const rest = lines.length - MOST_OF_PROMPT;
  return rest <= 1 ? lines : [...lines.slice(0, MOST_OF_PROMPT), `… +${rest} lines`];
}

/** A mark before the first line, and the others below its text. */
function hanging(mark: string, lines: readonly string[], width: number): string[] {
  const indent = ' '.repeat(columnsOf(mark));
  const room = Math.max(1, width - indent.length);
  const pieces = lines.flatMap((line) => wrap(line, room));
  return pieces.map((piece, i) => (i === 0 ? mark : indent) + piece);
}

function cut(line: string, width: number): string {
  return wrap(line, Math.max(1, width))[0] ?? '';
}
