import { oneLine } from '../../lib/text.ts';
import { isBlank, type Look, lastLines, runsOf, type Screen } from '../screen.ts';
import { isFaint } from '../sgr.ts';

/** Parts of a look that aren't their default. */
type Rest = Partial<Pick<Look, 'input' | 'waiting' | 'queued'>>;

/** Characters of a reason at most: it is a cell of a table. */
const REASON = 200;

/** A look; without more: no input box, nothing asked, nothing queued. */
export function look(state: Look['state'], rule: string, reason: string, rest: Rest = {}): Look {
  return {
    state,
    rule,
    reason: oneLine(reason, REASON),
    input: { draft: null },
    waiting: null,
    queued: false,
    ...rest,
  };
}

/** What every full-screen CLI shares, before its own rules: null when these decide nothing. */
export function commonLook(screen: Screen): Look | null {
  const last = lastLines(screen.lines, 1)[0] ?? '';
  if (/^Pane is dead\b/.test(last)) return look('error', 'dead', `the program ended: ${last.trim()}`);
  if (screen.foregroundIsAgent === false) {
    return look('unknown', 'foreground', 'another program has the terminal in the foreground');
  }
  return isBlank(screen) ? look('starting', 'blank', 'the screen is still empty') : null;
}

/** A paste that the CLI shows as a marker: it is a draft, whatever its style. */
const MARKER = /\[Pasted (?:text|content)\b/i;

/**
 * What was typed in one row from a column on. Dim and grey text is a placeholder or a ghost suggestion; a lone reversed
 * cell is the cursor, which sits on a placeholder's first letter.
 */
function typedText(screen: Screen, row: number, column: number): string {
  const plain = (screen.lines[row] ?? '').slice(column);
  if (MARKER.test(plain)) return plain;
  const cells: { char: string; faint: boolean; cursor: boolean }[] = [];
  for (const { text, pen } of runsOf(screen, row)) {
    for (const char of text.split('')) cells.push({ char, faint: isFaint(pen), cursor: pen.reverse });
  }
  const shown = cells.slice(column).filter(({ char }) => char.trim() !== '');
  const ghost = shown.some(({ faint }) => faint) && shown.every(({ faint, cursor }) => faint || cursor);
  if (ghost) return '';
  return cells
    .slice(column)
    .filter(({ faint }) => !faint)
    .map(({ char }) => char)
    .join('')
    .replace(/[\s\u00a0]+$/u, '');
}

export interface DraftArea {
  /** First row of the box and the row after its last. */
  readonly from: number;
  readonly to: number;
  /** Columns before the text: of the first row, and of the others. */
  readonly column: number;
  readonly indent: number;
}

/** The text that somebody left in an input box; '' when it is empty or shows one of the CLI's placeholders. */
export function draftIn(screen: Screen, area: DraftArea, placeholders: readonly RegExp[]): string {
  const rows = Array.from({ length: Math.max(0, area.to - area.from) }, (_, i) => area.from + i);
  const columnOf = (row: number) => (row === area.from ? area.column : area.indent);
  const plain = rows
    .map((row) => (screen.lines[row] ?? '').slice(columnOf(row)).trim())
    .join(' ')
    .trim();
  if (placeholders.some((placeholder) => placeholder.test(plain))) return '';
  const typed = rows.map((row) => typedText(screen, row, columnOf(row))).join('\n');
  return typed
    .replace(/^[\s\u00a0]+$/u, '')
    .replace(/^\u00a0/u, '')
    .trimEnd();
}

/** `ready`, with a word about the draft that is in the way. */
export function readyLook(rule: string, reason: string, draft: string, queued = false): Look {
  const more = draft === '' ? '' : '; a draft is in the input box';
  return look('ready', rule, `${reason}${more}`, { input: { draft }, queued });
}
