import { runsOf, type Screen } from '../../agents/screen.ts';
import type { Pen } from '../../agents/sgr.ts';
import { dropColumns, fitLine, type Line, type Style, span, widthOf } from './span.ts';

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** An agent's screen, line by line as its program coloured it; without the blank lines at its end. */
export function screenLines(screen: Screen, options: { readonly cursor: boolean }): readonly Line[] {
  const last = screen.lines.findLastIndex((line) => line !== '');
  const end = Math.max(last, options.cursor ? (screen.cursor?.y ?? 0) : 0);
  return Array.from({ length: end + 1 }, (_, row) => {
    const line = runsOf(screen, row).map(({ text, pen }) => span(text, styleOf(pen)));
    return options.cursor && screen.cursor?.y === row ? withCursor(line, screen.cursor.x) : line;
  });
}

/** Where the pane looks at: the end of the screen, `top` lines up from there, `left` columns to the right. */
export function screenWindow(
  lines: readonly Line[],
  view: { height: number; top: number; left: number },
): readonly Line[] {
  const from = Math.max(0, lines.length - view.height - view.top);
  return lines.slice(from, from + view.height).map((line) => dropColumns(line, view.left));
}

function styleOf(pen: Pen): Style {
  return {
    colour: pen.foreground === null ? undefined : colourOf(pen.foreground),
    background: pen.background === null ? undefined : colourOf(pen.background),
    bold: pen.bold || undefined,
    dim: pen.dim || undefined,
    italic: pen.italic || undefined,
    underline: pen.underline || undefined,
    inverse: pen.reverse || undefined,
  };
}

/** The name of the colour that an SGR parameter sets: one of the terminal's own 16, of the 256, or a mixed one. */
function colourOf(parameter: string): string | undefined {
  const [code = 0, kind, first = 0, second = 0, third = 0] = parameter.split(';').map(Number);
  if (code === 38 || code === 48) return kind === 5 ? `ansi256(${first})` : `rgb(${first}, ${second}, ${third})`;
  const bright = code >= 90;
  const name = NAMES[(code - (bright ? 90 : 30)) % 10];
  return name === undefined ? undefined : !bright ? name : name === 'black' ? 'gray' : `${name}Bright`;
}

/** The line with the cell under the cursor turned over. */
function withCursor(line: Line, x: number): Line {
  const whole = fitLine(
    line,
    Math.max(
      x + 1,
      line.reduce((sum, { text }) => sum + widthOf(text), 0),
    ),
  );
  const before = fitLine(whole, x);
  const [under, ...after] = dropColumns(whole, x);
  if (under === undefined) return whole;
  const [letter = ' '] = under.text;
  return [
    ...before,
    { ...under, text: letter, inverse: true },
    { ...under, text: under.text.slice(letter.length) },
    ...after,
  ];
}
