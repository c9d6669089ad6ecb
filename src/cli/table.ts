import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

export interface Column {
  readonly title: string;
  /** Default: left. */
  readonly align?: 'left' | 'right';
  /** Whether cells may be cut when the terminal is too narrow; the widest of these columns give way first. */
  readonly shrinks?: boolean;
}

/** Columns that a cut cell keeps at least. */
const NARROWEST = 4;
const GAP = '  ';

/**
 * Lines of a table under a line of titles: cells padded by what they take on a screen (wide letters take two columns,
 * colours none), cut to `width` where columns may shrink, and no spaces at the end of a line.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY,
): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map((_, index) => row[index] ?? ''))];
  const natural = columns.map((_, index) => Math.max(...lines.map((line) => stringWidth(line[index] ?? ''))));
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
