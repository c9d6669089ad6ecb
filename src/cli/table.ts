import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

export interface Column {
  readonly title: string;
  /** Default: left. */
  readonly align?: 'left' | 'right';
  /** Whether cells may be cut when the terminal is too narrow; the widest of these columns give way first. */
  readonly shrinks?: boolean;
  /** Whether the whole column may be left out where cutting is not enough; the highest number goes first. */
  readonly drops?: number;
}

/** Columns that a cut cell keeps at least, and those that it should have before another column is left out for it. */
const NARROWEST = 4;
const USEFUL = 6;
const GAP = '  ';

/**
 * Lines of a table under a line of titles: cells padded by what they take on a screen (wide letters take two columns,
 * colours none), cut to `width` where columns may shrink, and no spaces at the end of a line.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = terminalWidth(),
): string {
  const all = [columns.map(({ title }) => title), ...rows.map((row) => columns.map((_, index) => row[index] ?? ''))];
  const wide = columns.map((_, index) => Math.max(...all.map((line) => stringWidth(line[index] ?? ''))));
  const shown = fitting(wide, columns, width);
  if (shown.length < columns.length) {
    const kept = <T>(line: readonly T[]): T[] => line.filter((_, index) => shown.includes(index));
    return table(kept(columns), rows.map(kept), width);
  }
  return drawn(all, wide, columns, width);
}

/** Columns of the terminal; without one, or where it does not say, no limit. */
function terminalWidth(): number {
  return (process.stdout.isTTY && process.stdout.columns) || Number.POSITIVE_INFINITY;
}

/** Numbers of the columns for which there is room. */
function fitting(natural: readonly number[], columns: readonly Column[], width: number): number[] {
  const least = (index: number) => {
    const whole = natural[index] ?? 0;
    return columns[index]?.shrinks ? Math.min(whole, USEFUL) : whole;
  };
  const shown = columns.map((_, index) => index);
  const excess = () => shown.reduce((sum, index) => sum + least(index) + GAP.length, -GAP.length) - width;
  while (excess() > 0) {
    const rank = (index: number) => columns[index]?.drops ?? 0;
    const [first] = shown.toSorted((a, b) => rank(b) - rank(a));
    if (first === undefined || rank(first) === 0) break;
    shown.splice(shown.indexOf(first), 1);
  }
  return shown;
}

function drawn(
  lines: readonly (readonly string[])[],
  natural: readonly number[],
  columns: readonly Column[],
  width: number,
): string {
  const widths = narrow(natural, columns, width);
  return lines
    .map((line) => line.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align)).join(GAP))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** Takes one column after the other from the widest that may shrink, until the line fits or nothing more can give. */
function narrow(natural: readonly number[], columns: readonly Column[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1) - width;
  for (; excess > 0; excess--) {
    const able = widths.map((one, index) => (columns[index]?.shrinks && one > NARROWEST ? one : 0));
    const widest = able.indexOf(Math.max(...able));
    if ((able[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function pad(cell: string, width: number, align: Column['align']): string {
  const text = cut(cell, width);
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? space + text : text + space;
}

/** The text in at most `width` columns of a screen, with an ellipsis where it was cut; a cut text loses its colours. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let taken = '';
  for (const { segment } of new Intl.Segmenter().segment(stripVTControlCharacters(text))) {
    if (stringWidth(taken + segment) > width - 1) break;
    taken += segment;
  }
  return `${taken}…`;
}
