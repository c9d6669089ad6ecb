/** The style of a cell. */
export interface Pen {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly reverse: boolean;
  /** The parameters that set the colour (`31`, `38;5;244`), or null for the default. */
  readonly foreground: string | null;
  readonly background: string | null;
  /** Between SO and SI the terminal draws lines with letters. */
  readonly lineDrawing: boolean;
}

/** Neighbouring cells of one style. */
export interface Run {
  readonly text: string;
  readonly pen: Pen;
}

export const startPen: Pen = {
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  reverse: false,
  foreground: null,
  background: null,
  lineDrawing: false,
};

/** SGR, any other CSI, an OSC string (hyperlinks), SO, SI. */
const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: reading control sequences is this file's purpose
  /\u001b\[([0-9;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u000e\u000f]/gu;

/** VT100 line drawing, as tmux writes such cells in a capture. */
const DRAWN: Readonly<Record<string, string>> = {
  j: '┘',
  k: '┐',
  l: '┌',
  m: '└',
  n: '┼',
  q: '─',
  t: '├',
  u: '┤',
  v: '┴',
  w: '┬',
  x: '│',
};

/** Reads one captured line: its runs, and the style in force at its end. */
export function readLine(line: string, pen: Pen): { runs: Run[]; pen: Pen } {
  const runs: Run[] = [];
  let current = pen;
  let from = 0;
  const add = (text: string) => {
    if (text === '') return;
    const shown = current.lineDrawing ? text.replace(/[j-nqt-x]/g, (letter) => DRAWN[letter] ?? letter) : text;
    runs.push({ text: shown, pen: current });
  };
  for (const token of line.matchAll(TOKEN)) {
    add(line.slice(from, token.index));
    from = token.index + token[0].length;
    if (token[0] === '\u000e') current = { ...current, lineDrawing: true };
    else if (token[0] === '\u000f') current = { ...current, lineDrawing: false };
    else if (token[1] !== undefined) current = applySgr(current, token[1]);
  }
  add(line.slice(from));
  return { runs, pen: current };
}

/** The sequences that bring a fresh terminal to this style. */
export function penCodes(pen: Pen): string {
  const codes = [
    pen.bold ? '1' : '',
    pen.dim ? '2' : '',
    pen.italic ? '3' : '',
    pen.underline ? '4' : '',
    pen.reverse ? '7' : '',
    pen.foreground ?? '',
    pen.background ?? '',
  ].filter((code) => code !== '');
  return (codes.length === 0 ? '' : `\u001b[${codes.join(';')}m`) + (pen.lineDrawing ? '\u000e' : '');
}

function applySgr(pen: Pen, parameters: string): Pen {
  // The kind of an underline (`4:3`, none: `4:0`) is no parameter of its own.
  const plain = parameters.replace(/(^|;)4:(\d)/g, (_, before, kind) => `${before}${kind === '0' ? '24' : '4'}`);
  const codes = plain.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  let next = pen;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48 || code === 58) {
      const length = codes[i + 1] === 5 ? 3 : 5;
      const colour = codes.slice(i, i + length).join(';');
      if (code === 38) next = { ...next, foreground: colour };
      else if (code === 48) next = { ...next, background: colour };
      // The colour of an underline is not kept; its numbers must not be read as styles.
      i += length - 1;
    } else next = applyCode(next, code);
  }
  return next;
}

function applyCode(pen: Pen, code: number): Pen {
  if (code === 0) return { ...startPen, lineDrawing: pen.lineDrawing };
  if (code === 1) return { ...pen, bold: true };
  if (code === 2) return { ...pen, dim: true };
  if (code === 22) return { ...pen, bold: false, dim: false };
  if (code === 3) return { ...pen, italic: true };
  if (code === 23) return { ...pen, italic: false };
  if (code === 4) return { ...pen, underline: true };
  if (code === 24) return { ...pen, underline: false };
  if (code === 7) return { ...pen, reverse: true };
  if (code === 27) return { ...pen, reverse: false };
  if (code === 39) return { ...pen, foreground: null };
  if (code === 49) return { ...pen, background: null };
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return { ...pen, foreground: String(code) };
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) return { ...pen, background: String(code) };
  return pen;
}

/** Whether the style is what programs use for placeholders and ghost suggestions: dim, or a grey. */
export function isFaint(pen: Pen): boolean {
  if (pen.dim || pen.foreground === '90') return true;
  const codes = pen.foreground?.split(';').map(Number) ?? [];
  if (codes[0] !== 38) return false;
  const [, kind, red = 0, green = 0, blue = 0] = codes;
  // 8 is bright black; 232–250 are the greys of the 256-colour cube that are not nearly white.
  if (kind === 5) return red === 8 || (red >= 232 && red <= 250);
  return Math.max(red, green, blue) - Math.min(red, green, blue) <= 24 && Math.max(red, green, blue) < 190;
}
