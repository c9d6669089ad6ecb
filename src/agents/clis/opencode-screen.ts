import { type DialogOption, type Look, runsOf, type Screen, tail } from '../screen.ts';
import { commonLook, draftIn, look, readyLook } from './looks.ts';
import { moveKeys } from './menus.ts';
import { opencodeSubject } from './subjects.ts';

/** Measured with 1.18.33. */
const PLACEHOLDERS = [/^Ask anything…/u];
const BUSY = /\besc (?:again to )?interrupt\b|\[retrying in \d|^\s*[⬝■]{3,}/u;
const PERMISSION = /△ Permission required/u;
const ANSWERS = ['Allow once', 'Allow always', 'Reject'] as const;
const QUESTION_HINT = /\benter (?:submit|confirm|select)\b|\besc dismiss\b/u;
/** Rows above the box that are searched. */
const ABOVE = 60;

/** Reads a screen of OpenCode. */
export function lookAtOpencode(screen: Screen): Look {
  const common = commonLook(screen);
  if (common) return common;
  const foot = screen.lines.findLastIndex((line) => /╹▀{8,}/u.test(line));
  return foot === -1 ? withoutBox(screen) : withBox(screen, foot);
}

/** The box hangs on a bar on its left side and stands on a foot; its last line names agent and model. */
function withBox(screen: Screen, foot: number): Look {
  const { lines } = screen;
  const column = (lines[foot] ?? '').indexOf('╹');
  let top = foot;
  while ((lines[top - 1] ?? '').charAt(column) === '┃') top--;
  const area = { from: top, to: Math.max(top, foot - 1), column: column + 3, indent: column + 3 };
  const draft = draftIn(screen, area, PLACEHOLDERS).trim();
  const input = { draft };
  const above = lines.slice(Math.max(0, top - ABOVE), top);
  const queued = above.some((line) => /^\s*┃\s+QUEUED\b/u.test(line));
  const busy = lines.slice(foot + 1).find((line) => BUSY.test(line));
  if (busy !== undefined) {
    const reason = busy.trim().replace(/(?<=interrupt)\s{2,}.*$/u, '');
    return look('busy', 'footer', reason, { input, queued });
  }
  const error = errorAbove(above);
  if (error !== null) return look('error', 'error', error, { input, queued });
  return readyLook('box', 'its input box is there and nothing runs', draft, queued);
}

/**
 * An error is a block of its own right below the prompt that failed, and the turn's closing line (`▣`) has no duration.
 * Its red bar is not in the text: two prompts that were interrupted together look the same and are called an error, too.
 */
function errorAbove(above: readonly string[]): string | null {
  const closing = above.findLastIndex((line) => line.trim() !== '');
  if (!/^\s*▣ /u.test(above[closing] ?? '') || / · [\d.]+m?s/u.test(above[closing] ?? '')) return null;
  const groups = above
    .slice(0, closing)
    .map((line) => (/^ {0,4}┃/u.test(line) ? 'block' : line.trim() === '' ? 'gap' : 'text'))
    .join(' ');
  if (!/block(?: gap)+(?: block)+(?: gap)*$/u.test(groups)) return null;
  const gap = above.findLastIndex((line, row) => row < closing - 1 && line.trim() === '');
  const block = above.slice(gap + 1, closing).map((line) =>
    line
      .replace(/^\s*┃/u, '')
      .replace(/\s{8,}┃.*$/u, '')
      .trim(),
  );
  return block.filter((line) => line !== '').join(' ') || null;
}

/** A line of the sidebar that wide windows have: how full the context is, what it cost. */
const SIDEBAR = /^(.*\s{2})(?:\d+% used|\$[\d.,]+ spent)\s*$/u;

/** The lines without the sidebar. */
function mainArea(lines: readonly string[]): readonly string[] {
  const column = lines.map((line) => SIDEBAR.exec(line)?.[1]?.length).find((length) => length !== undefined);
  return column === undefined ? lines : lines.map((line) => line.slice(0, column).trimEnd());
}

function withoutBox(screen: Screen): Look {
  const lines = mainArea(screen.lines);
  const permission = lines.findLastIndex((line) => PERMISSION.test(line));
  const answers = lines.findLastIndex((line) => ANSWERS.every((answer) => line.includes(answer)));
  if (permission !== -1 && answers > permission) {
    const texts = lines.slice(permission + 1, answers).map((line) => line.replace(/^[\s┃]+/u, '').trim());
    const text = texts.filter((line) => line !== '').join(' ') || 'Permission required';
    const subject = opencodeSubject(lines.slice(permission + 1, answers));
    const waiting = { kind: 'approve' as const, text, options: answersOf(screen, answers), subject };
    return look('waiting', 'dialog', `permission dialog: ${text}`, { waiting });
  }
  const hint = tail(lines, 2);
  if (QUESTION_HINT.test(hint)) {
    const waiting = { kind: 'question' as const, ...questionOn(screen, lines), subject: null };
    return look('waiting', 'dialog', `question: ${waiting.text}`, { waiting });
  }
  return look('unknown', 'no-box', 'neither an input box nor a dialog is on the screen');
}

/** A line of a question's block, without its bar. */
const inBlock = (line: string): string | null => /^\s*┃(.*)$/u.exec(line)?.[1]?.trim() ?? null;

/** A question of the model's: its words above numbered answers, of which a digit chooses one. */
function questionOn(screen: Screen, lines: readonly string[]): { text: string; options: DialogOption[] } {
  const end = lines.findLastIndex((line) => QUESTION_HINT.test(line));
  let start = end;
  while (inBlock(lines[start - 1] ?? '') !== null) start--;
  const rows = Array.from({ length: end - start }, (_, index) => start + index);
  const labels = new Map<number, string>();
  for (const row of rows) {
    const [, number, label = ''] = /^(\d+)\. (.+)$/u.exec(inBlock(lines[row] ?? '') ?? '') ?? [];
    if (Number(number) === labels.size + 1) labels.set(row, label);
  }
  const [first = end] = labels.keys();
  const above = rows.filter((row) => row < first).map((row) => inBlock(lines[row] ?? '') ?? '');
  const text = above.filter((line) => line !== '').join(' ') || 'a question';
  // With boxes to tick a digit answers nothing by itself.
  if ([...labels.values()].some((label) => /^\[.\]/u.test(label))) return { text, options: [] };
  const colours = [...labels].map(([row, label]) => colourOf(screen, row, label));
  const selected = Math.max(0, oddOne(colours));
  const options = [...labels.values()].map((label, index) => ({
    key: String(index + 1),
    label,
    selected: index === selected,
  }));
  return { text, options };
}

function colourOf(screen: Screen, row: number, label: string): string {
  return runsOf(screen, row).find(({ text }) => text.includes(label))?.pen.foreground ?? '';
}

/** Which of them is unlike all others; -1 when none is. */
function oddOne(styles: readonly string[]): number {
  return styles.findIndex((style) => styles.filter((other) => other === style).length === 1);
}

/** The answers stand side by side; only their background tells which is selected. Without colours the first is: so the dialog opens. */
function answersOf(screen: Screen, row: number): DialogOption[] {
  const backgrounds: string[] = [];
  for (const { text, pen } of runsOf(screen, row)) {
    for (const _ of text.split('')) backgrounds.push(`${pen.reverse}${pen.background ?? ''}`);
  }
  const line = screen.lines[row] ?? '';
  const styles = ANSWERS.map((answer) => backgrounds[line.indexOf(answer)] ?? '');
  const selected = new Set(styles).size === 2 ? Math.max(0, oddOne(styles)) : 0;
  return ANSWERS.map((label, index) => ({
    key: moveKeys(selected, index, ['Left', 'Right']),
    label,
    selected: index === selected,
  }));
}
