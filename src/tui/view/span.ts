import stringWidth from 'string-width';
import { stripControls } from '../../lib/text.ts';

/** How a piece of text looks. Colours are the terminal's own 16 by name, `ansi256(n)` or `rgb(r, g, b)`. */
export interface Style {
  readonly colour?: string | undefined;
  readonly background?: string | undefined;
  readonly bold?: boolean | undefined;
  readonly dim?: boolean | undefined;
  readonly italic?: boolean | undefined;
  readonly underline?: boolean | undefined;
  readonly inverse?: boolean | undefined;
}

export interface Span extends Style {
  readonly text: string;
}

/** One line of the screen. */
export type Line = readonly Span[];

const segmenter = new Intl.Segmenter();
const ASCII = /^[\u0020-\u007e]*$/;

/** Columns of a screen that a text takes. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  const known = widths.get(text);
  if (known !== undefined) return known;
  if (widths.size >= MOST_WIDTHS) widths.clear();
  const width = stringWidth(text);
  widths.set(text, width);
  return width;
}

/** Widths that were measured: a view draws the same few texts again and again. */
const widths = new Map<string, number>();
const MOST_WIDTHS = 2000;

/** A text of others, made harmless, in a style. */
export function span(text: string, style: Style = {}): Span {
  return { ...style, text: ASCII.test(text) ? text : stripControls(text).replace(/[\t\n]/g, ' ') };
}

/** As much of a text as fits into `width` columns, with an ellipsis where something is missing. */
export function cut(text: string, width: number, ellipsis = '…'): string {
  if (widthOf(text) <= width) return text;
  const room = width - widthOf(ellipsis);
  if (room < 0) return '';
  if (ASCII.test(text)) return text.slice(0, room) + ellipsis;
  return take(text, room) + ellipsis;
}

function take(text: string, room: number): string {
  let taken = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const wide = widthOf(segment);
    if (used + wide > room) break;
    taken += segment;
    used += wide;
  }
  return taken;
}

/** The text in exactly `width` columns. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const short = cut(text, width);
  const space = ' '.repeat(Math.max(0, width - widthOf(short)));
  return align === 'right' ? space + short : short + space;
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** The line in exactly `width` columns: cut without an ellipsis, or filled up with blanks in `fill`. */
export function fitLine(line: Line, width: number, fill: Style = {}): Line {
  const fitted: Span[] = [];
  let used = 0;
  for (const one of line) {
    const wide = widthOf(one.text);
    if (used + wide > width) {
      const text = cut(one.text, width - used, '');
      if (text !== '') fitted.push({ ...one, text });
      used += widthOf(text);
      break;
    }
    if (one.text !== '') fitted.push(one);
    used += wide;
  }
  if (used < width) fitted.push({ ...fill, text: ' '.repeat(width - used) });
  return fitted;
}

/** Left and right parts of a line, as far apart as the width allows; the left one gives way. */
export function spread(left: Line, right: Line, width: number): Line {
  const taken = lineWidth(right);
  return taken >= width ? fitLine(right, width) : [...fitLine(left, width - taken), ...right];
}

/** The spans between two columns of a line. */
export function dropColumns(line: Line, columns: number): Line {
  if (columns === 0) return line;
  let left = columns;
  const kept: Span[] = [];
  for (const one of line) {
    const wide = widthOf(one.text);
    if (left >= wide) left -= wide;
    else {
      const head = take(one.text, left);
      left = 0;
      kept.push({ ...one, text: one.text.slice(head.length) });
    }
  }
  return kept;
}
