import type { Draft } from '../dialogs.ts';
import { type Line, span, widthOf } from './span.ts';

const segmenter = new Intl.Segmenter();

export interface Row {
  readonly text: string;
  /** Where the row begins in the draft. */
  readonly start: number;
}

/** Text as it is typed, broken where the width ends: at most `most` rows around the cursor, which is turned over. */
export function draftLines({ text, cursor }: Draft, width: number, most: number, focused: boolean): readonly Line[] {
  const rows = rowsOf(text, Math.max(4, width - 1));
  const at = rows.findLastIndex(({ start }) => start <= cursor);
  const from = Math.max(0, Math.min(at - most + 1, rows.length - most));
  const first = Math.max(0, Math.min(from, at));
  return rows.slice(first, first + most).map((row, index): Line => {
    if (!focused || first + index !== at) return [span(row.text)];
    const offset = cursor - row.start;
    const [under] = segmenter.segment(row.text.slice(offset));
    const letter = under?.segment ?? ' ';
    return [
      span(row.text.slice(0, offset)),
      span(letter, { inverse: true }),
      span(row.text.slice(offset + letter.length)),
    ];
  });
}

/** A text broken into rows of at most `width` columns, at line ends and where a row is full. */
export function rowsOf(text: string, width: number): Row[] {
  const rows: Row[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    let row = '';
    let begin = start;
    for (const { segment, index } of segmenter.segment(line)) {
      if (widthOf(row) + widthOf(segment) > width) {
        rows.push({ text: row, start: begin });
        row = '';
        begin = start + index;
      }
      row += segment;
    }
    rows.push({ text: row, start: begin });
    start += line.length + 1;
  }
  return rows;
}
