import type { Field, Form } from '../dialogs.ts';
import { scrolledTo } from '../layout.ts';
import { draftLines } from './draft.ts';
import { cut, type Line, pad, span } from './span.ts';

const LABEL = 8;
/** Rows of a field for several lines. */
const ROWS = 6;

/** The fields of a form below each other, and why it was not taken; where rows are few, those around the one in focus. */
export function formLines({ fields, focus, problem }: Form, width: number, height: number): readonly Line[] {
  const why: Line[] = problem === null ? [] : [[span(` ✗ ${problem}`, { colour: 'red' })]];
  const room = Math.max(1, height - why.length);
  const blocksOf = (most: number) =>
    fields.map((field, index) =>
      fieldLines(field, index === focus, width, index === focus ? Math.min(ROWS, room) : most),
    );
  const whole = blocksOf(ROWS);
  const blocks = whole.flat().length <= room ? whole : blocksOf(1);
  const rows = blocks.flat();
  const first = blocks.slice(0, focus).flat().length;
  const last = first + (blocks[focus]?.length ?? 1) - 1;
  const top = scrolledTo(scrolledTo(0, last, room, rows.length), first, room, rows.length);
  return [...rows.slice(top, top + room), ...why];
}

function fieldLines(field: Field, focused: boolean, width: number, most: number): Line[] {
  const label: Line = [
    span(focused ? ' ❯ ' : '   ', { colour: 'cyan', bold: true }),
    span(`${pad(field.label, LABEL)} `, { bold: focused, dim: !focused }),
  ];
  const blank: Line = [span(' '.repeat(LABEL + 4))];
  const lines = valueLines(field, focused, width - LABEL - 4, most);
  return lines.map((line, index) => [...(index === 0 ? label : blank), ...line]);
}

function valueLines(field: Field, focused: boolean, width: number, most: number): readonly Line[] {
  if (field.kind === 'crew') return [crewLine(field, focused)];
  if (field.draft.text === '') {
    const hint = span(cut(field.placeholder, width - 1), { dim: true });
    return [focused ? [span(' ', { inverse: true }), hint] : [hint]];
  }
  return draftLines(field.draft, width, field.kind === 'line' ? 1 : most, focused);
}

function crewLine({ crew, cursor }: Extract<Field, { kind: 'crew' }>, focused: boolean): Line {
  const entries = crew.flatMap(({ cli, count }, index) => {
    const here = focused && index === cursor;
    return [
      span(`${cli}${count > 0 ? ` ×${count}` : ''}`, { bold: count > 0, dim: count === 0 && !here, inverse: here }),
      span('  '),
    ];
  });
  return focused ? [...entries, span('← → choose, digits count', { dim: true })] : entries;
}
