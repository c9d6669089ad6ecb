import type { DialogOption, Look, Subject, WaitingKind } from '../screen.ts';
import { look } from './looks.ts';

/** A list of answers with a cursor on one of them. */
export interface Menu {
  /** Row of the first answer. */
  readonly first: number;
  /** Row of the cursor. */
  readonly at: number;
  readonly options: readonly DialogOption[];
}

/** How the answer N is chosen: by its digit, by moving there, or by the letter that its label ends with, as in `(y)`. */
export type MenuKeys = 'digit' | 'move' | 'letter';

interface Entry {
  readonly row: number;
  readonly label: string;
  readonly number: number;
}

/** The numbered menu whose cursor is lowest on the screen: `❯ 1. Yes`, `  2. No`. Other lines may stand between the answers. */
export function numberedMenu(lines: readonly string[], cursor: string, keys: MenuKeys): Menu | null {
  const at = lines.findLastIndex((line) => new RegExp(`^\\s*${cursor} \\d+\\. `, 'u').test(line));
  if (at === -1) return null;
  const read = (row: number, glyph: string): Entry | null => {
    const match = new RegExp(`^\\s*${glyph}(\\d+)\\. +(.*)$`, 'u').exec(lines[row] ?? '');
    return match ? { row, number: Number(match[1]), label: (match[2] ?? '').trim() } : null;
  };
  const selected = read(at, `${cursor} `);
  if (selected === null) return null;
  const entries = [selected];
  for (let row = at - 1; row >= 0 && (entries[0]?.number ?? 1) > 1; row--) {
    const entry = read(row, '');
    if (entry?.number === (entries[0]?.number ?? 0) - 1) entries.unshift(entry);
  }
  for (let row = at + 1; row < lines.length; row++) {
    const entry = read(row, '');
    if (entry?.number === (entries.at(-1)?.number ?? 0) + 1) entries.push(entry);
  }
  const whole = keys === 'letter' ? entries.map((entry) => ({ ...entry, label: unbroken(lines, entry) })) : entries;
  return toMenu(whole, entries.indexOf(selected), keys);
}

/** A label with the lines that it was broken over: its letter stands at its end. */
function unbroken(lines: readonly string[], { row, label }: Entry): string {
  const rest = lines.slice(row + 1);
  const end = rest.findIndex((line) => line.trim() === '' || /^\s*(?:\S )?\d+\. /u.test(line));
  return [label, ...rest.slice(0, Math.max(0, end)).map((line) => line.trim())].join(' ');
}

/** A menu without numbers: neighbouring lines whose text starts in one column, the cursor before one of them. Indented: in the first column stand the user's own prompts. */
function plainMenu(lines: readonly string[], cursor: string): Menu | null {
  const at = lines.findLastIndex((line) => new RegExp(`^\\s+${cursor} \\S`, 'u').test(line));
  if (at === -1) return null;
  const column = (lines[at] ?? '').indexOf(cursor) + cursor.length + 1;
  const label = (row: number) => (lines[row] ?? '').slice(column).trim();
  const belongs = (row: number) => {
    const line = lines[row] ?? '';
    return line.slice(0, column).trim() === '' && /\S/u.test(line.charAt(column));
  };
  const entries: Entry[] = [{ row: at, label: label(at), number: 0 }];
  for (let row = at - 1; belongs(row); row--) entries.unshift({ row, label: label(row), number: 0 });
  const index = entries.length - 1;
  for (let row = at + 1; belongs(row); row++) entries.push({ row, label: label(row), number: 0 });
  return toMenu(entries, index, 'move');
}

/** Keys that move from one answer to another and confirm. */
export function moveKeys(
  from: number,
  to: number,
  [back, forward]: readonly [string, string] = ['Up', 'Down'],
): string {
  const steps = Array<string>(Math.abs(to - from)).fill(to < from ? back : forward);
  return [...steps, 'Enter'].join(' ');
}

function toMenu(entries: readonly Entry[], selected: number, keys: MenuKeys): Menu {
  const options = entries.map(({ label, number }, index) => {
    const letter = keys === 'letter' ? /\((\w|esc)\)$/u.exec(label)?.[1] : undefined;
    const key =
      letter !== undefined
        ? letter.replace('esc', 'Escape')
        : keys === 'digit'
          ? String(number)
          : moveKeys(selected, index);
    return { key, label, selected: index === selected };
  });
  return { first: entries[0]?.row ?? 0, at: entries[selected]?.row ?? 0, options };
}

/** The menu at the bottom of the screen: numbered or not. */
export function lowestMenu(lines: readonly string[], cursor: string): Menu | null {
  const numbered = numberedMenu(lines, cursor, 'digit');
  const plain = plainMenu(lines, cursor);
  return numbered !== null && numbered.at >= (plain?.at ?? 0) ? numbered : plain;
}

export interface DialogWords {
  /** The dialog's own first line. */
  readonly title: string;
  /** What it asks. */
  readonly question: string;
}

const QUESTION = /\?(?:\s|$)/u;

/** Title and question of a dialog from the lines above its answers. `pick`: which of several lines with a question mark is it. */
export function dialogWords(above: readonly string[], pick: 'first' | 'last'): DialogWords {
  const texts = above.map((line) => line.trim()).filter((line) => /[\p{L}\p{N}]/u.test(line));
  const asks = (line: string) => QUESTION.test(line);
  const title = texts[0] ?? '';
  return { title, question: (pick === 'first' ? texts.find(asks) : texts.findLast(asks)) ?? title };
}

/** A dialog's look. The kind is the first whose pattern fits title and question. */
export function dialogLook(
  rule: string,
  words: DialogWords,
  options: readonly DialogOption[],
  kinds: readonly (readonly [WaitingKind, RegExp])[],
  subject: Subject | null = null,
): Look {
  const said = `${words.title}\n${words.question}`;
  const kind = kinds.find(([, pattern]) => pattern.test(said))?.[0] ?? 'approve';
  const text = words.question === '' ? 'a dialog is open' : words.question;
  const waiting = { kind, text, options, subject: kind === 'approve' ? subject : null };
  return look('waiting', rule, `${KIND_NAMES[kind]}: ${text}`, { waiting });
}

const KIND_NAMES: Readonly<Record<WaitingKind, string>> = {
  approve: 'permission dialog',
  question: 'question',
  plan: 'plan approval',
  trust: 'trust dialog',
  login: 'login',
  onboarding: 'onboarding dialog',
  'rate-limit': 'rate limit',
};
