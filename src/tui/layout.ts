import type { LayoutChoice } from './state.ts';

/** Cells of the screen, from 0 at the top left. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly kind: 'side' | 'stacked' | 'list';
  readonly list: Rect;
  /** Null where there is no room beside the list. */
  readonly pane: Rect | null;
  /** What asks the person something, above the footer; null without. */
  readonly dialog: Rect | null;
}

/** Columns from which list and pane stand side by side, and from which there is a pane at all. */
const SIDE = 100;
const STACKED = 60;

const HEADER = 1;
const FOOTER = 1;
/** Rows below which a pane shows nothing worth its place. */
const LEAST_PANE = 5;

export interface LayoutWish {
  readonly columns: number;
  readonly rows: number;
  readonly choice: LayoutChoice;
  /** Columns of the list beyond the usual ones. */
  readonly split: number;
  /** Agents in the list. */
  readonly agents: number;
  /** Rows of the dialog, 0 without, and those of jobs and notices. */
  readonly dialog: number;
  readonly messages: number;
}

/** Rows that a dialog can have: one stays for what is behind it. */
export const dialogRoom = (rows: number, messages: number): number =>
  Math.max(0, rows - HEADER - FOOTER - messages - 1);

/** Where everything goes. Header and footer take a row each, jobs and notices theirs above the footer. */
export function layoutOf(wish: LayoutWish): Layout {
  const { columns, rows, choice, dialog } = wish;
  const free = Math.max(1, rows - HEADER - FOOTER - wish.messages);
  const asked = Math.min(dialog, dialogRoom(rows, wish.messages));
  const body = Math.max(1, free - asked);
  const kind =
    choice === 'list' || columns < STACKED ? 'list' : choice === 'stacked' || columns < SIDE ? 'stacked' : 'side';
  const room = dialog === 0 ? null : { x: 0, y: HEADER + body, width: columns, height: asked };
  const whole = { x: 0, y: HEADER, width: columns, height: body };
  if (kind === 'side') {
    const width = clamp(Math.round(columns * 0.4) + wish.split, 34, columns - 40);
    const pane = { x: width + 1, y: HEADER, width: columns - width - 1, height: body };
    return { kind, list: { ...whole, width }, pane, dialog: room };
  }
  // The list takes what it needs, up to two fifths.
  const height = clamp(Math.min(wish.agents + 1, Math.floor(body * 0.4)), 3, body);
  if (kind === 'list' || body - height < LEAST_PANE) return { kind: 'list', list: whole, pane: null, dialog: room };
  const pane = { x: 0, y: HEADER + height, width: columns, height: body - height };
  return { kind, list: { ...whole, height }, pane, dialog: room };
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most));

/** The first row that is shown of a list, so that `index` is among them; otherwise it stays where it was. */
export function scrolledTo(top: number, index: number, height: number, count: number): number {
  const last = Math.max(0, count - height);
  const shown = index < top ? index : index >= top + height ? index - height + 1 : top;
  return clamp(shown, 0, last);
}
