/** What came from the terminal: a key by tmux's name for it, a pasted text, or the mouse. */
export type Input =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'mouse'; readonly mouse: Mouse };

/** A press of the left button, or a turn of the wheel. Cells count from 0. */
export interface Mouse {
  readonly what: 'press' | 'wheel-up' | 'wheel-down';
  readonly x: number;
  readonly y: number;
}

export interface Decoded {
  readonly inputs: readonly Input[];
  /** The beginning of a sequence whose end has not come yet. */
  readonly rest: string;
}

const ESC = '\u001b';
const PASTE = { begin: `${ESC}[200~`, end: `${ESC}[201~` } as const;
// biome-ignore lint/suspicious/noControlCharactersInRegex: reading control sequences is this file's purpose
const MOUSE = /^\u001b\[<(\d+);(\d+);(\d+)([Mm])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same
const CSI = /^\u001b\[([0-9;]*)([A-Za-z~])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same
const SS3 = /^\u001bO([A-Za-z])/;
/** A sequence that is not over. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same
const BEGUN = /^\u001b(?:\[[<0-9;]*|O)?$/;

/** Keys by the last letter of their sequence, and by the number before `~`. */
const LETTERS: Readonly<Record<string, string>> = {
  A: 'Up',
  B: 'Down',
  C: 'Right',
  D: 'Left',
  F: 'End',
  H: 'Home',
  P: 'F1',
  Q: 'F2',
  R: 'F3',
  S: 'F4',
  Z: 'BTab',
};
const NUMBERS: Readonly<Record<string, string>> = {
  1: 'Home',
  2: 'IC',
  3: 'DC',
  4: 'End',
  5: 'PageUp',
  6: 'PageDown',
  7: 'Home',
  8: 'End',
  11: 'F1',
  12: 'F2',
  13: 'F3',
  14: 'F4',
  15: 'F5',
  17: 'F6',
  18: 'F7',
  19: 'F8',
  20: 'F9',
  21: 'F10',
  23: 'F11',
  24: 'F12',
};

/** Reads what a terminal sent, together with what was left over before. */
export function decode(text: string): Decoded {
  const inputs: Input[] = [];
  let rest = text;
  while (rest !== '') {
    const step = rest.startsWith(ESC) ? sequence(rest) : character(rest);
    if (step === null) return { inputs, rest };
    if (step.input !== null) inputs.push(step.input);
    rest = rest.slice(step.length);
  }
  return { inputs, rest };
}

/** What an unfinished beginning means once nothing follows it: the Escape key, and what was typed after it. */
export function flush(rest: string): readonly Input[] {
  if (rest === '' || rest.startsWith(PASTE.begin)) return [];
  return [{ kind: 'key', key: 'Escape' }, ...decode(rest.slice(1)).inputs];
}

interface Step {
  readonly input: Input | null;
  readonly length: number;
}

const key = (name: string, length: number): Step => ({ input: { kind: 'key', key: name }, length });

/** Null: its end is still to come. An unknown sequence is nothing. */
function sequence(text: string): Step | null {
  if (text.startsWith(PASTE.begin)) {
    const end = text.indexOf(PASTE.end);
    if (end < 0) return null;
    const pasted = text.slice(PASTE.begin.length, end).replace(/\r\n?/g, '\n');
    return { input: { kind: 'paste', text: pasted }, length: end + PASTE.end.length };
  }
  if (BEGUN.test(text)) return null;
  const mouse = MOUSE.exec(text);
  if (mouse) return { input: mouseOf(mouse), length: mouse[0].length };
  const csi = CSI.exec(text);
  if (csi) return { input: csiKey(csi[1] ?? '', csi[2] ?? ''), length: csi[0].length };
  const ss3 = SS3.exec(text);
  const named = ss3 && LETTERS[ss3[1] ?? ''];
  if (ss3) return named === undefined || named === null ? { input: null, length: 3 } : key(named, 3);
  if (text[1] === ESC) return key('Escape', 1);
  const next = character(text.slice(1));
  return next.input?.kind === 'key' ? key(`M-${next.input.key}`, 1 + next.length) : { input: null, length: 1 };
}

function csiKey(parameters: string, last: string): Input | null {
  const [first = '', second = '1', third] = parameters.split(';');
  // CSI 27;modifiers;code ~ and CSI code;modifiers u: a character with modifiers.
  if (last === '~' && first === '27' && third !== undefined) return withModifiers(named(Number(third)), second);
  if (last === 'u') return withModifiers(named(Number(first)), second);
  const name = last === '~' ? NUMBERS[first] : LETTERS[last];
  return name === undefined ? null : withModifiers(name, second);
}

/** The protocol's number is one more than the sum of 1 for Shift, 2 for Alt and 4 for Ctrl. */
function withModifiers(name: string, modifiers: string): Input {
  const bits = (Number(modifiers) || 1) - 1;
  const prefix = `${bits & 4 ? 'C-' : ''}${bits & 2 ? 'M-' : ''}${bits & 1 && name.length > 1 ? 'S-' : ''}`;
  return { kind: 'key', key: prefix + name };
}

const named = (code: number): string => {
  const { input } = character(String.fromCodePoint(Number.isNaN(code) ? 32 : code));
  return input?.kind === 'key' ? input.key : 'Space';
};

function mouseOf([, button, x, y, last]: RegExpExecArray): Input | null {
  const place = { x: Number(x) - 1, y: Number(y) - 1 };
  if (button === '64') return { kind: 'mouse', mouse: { what: 'wheel-up', ...place } };
  if (button === '65') return { kind: 'mouse', mouse: { what: 'wheel-down', ...place } };
  return button === '0' && last === 'M' ? { kind: 'mouse', mouse: { what: 'press', ...place } } : null;
}

const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'Enter',
  '\t': 'Tab',
  '\u007f': 'BSpace',
  ' ': 'Space',
  '\u0000': 'C-Space',
  '\u001c': 'C-\\',
  '\u001d': 'C-]',
  '\u001e': 'C-^',
  '\u001f': 'C-_',
};

function character(text: string): Step {
  const [first = ''] = text;
  const name = CONTROLS[first];
  if (name !== undefined) return key(name, 1);
  const code = first.codePointAt(0) ?? 0;
  if (code < 27) return key(`C-${String.fromCharCode(code + 96)}`, 1);
  if (code < 32 || (code > 127 && code < 160)) return { input: null, length: 1 };
  return key(first, first.length);
}
