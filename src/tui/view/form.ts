import type { Field, Form } from '../dialogs.ts';
import { draftLines } from './draft.ts';
import { cut, type Line, pad, span } from './span.ts';

const LABEL = 8;
/** Rows of a field for several lines. */
const ROWS = 6;

/** The fields of a form below each other, and why it was not taken. */
export function formLines({ fields, focus, problem }: Form, width: number): readonly Line[] {
  const rows = fields.flatMap((field, index) => fieldLines(field, index === focus, width));
  const why: Line[] = problem === null ? [] : [[span(` ✗ ${problem}`, { colour: 'red' })]];
  return [...rows, ...why];
}

function fieldLines(field: Field, focused: boolean, width: number): Line[] {
  const label: Line = [
    span(focused ? ' ❯ ' : '   ', { colour: 'cyan', bold: true }),
    span(`${pad(field.label, LABEL)} `, { bold: focused, dim: !focused }),
  ];
  const blank: Line = [span(' '.repeat(LABEL + 4))];
  const lines = valueLines(field, focused, width - LABEL - 4);
  return lines.map((line, index) => [...(index === 0 ? label : blank), ...line]);
}

function valueLines(field: Field, focused: boolean, width: number): readonly Line[] {
  if (field.kind === 'crew') return [crewLine(field, focused)];
  if (field.draft.text === '') {
    const hint = span(cut(field.placeholder, width - 1), { dim: true });
    return [focused ? [span(' ', { inverse: true }), hint] : [hint]];
  }
  return draftLines(field.draft, width, field.kind === 'line' ? 1 : ROWS, focused);
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
