import { type Look, lastLines, type Screen, tail, type WaitingKind } from '../screen.ts';
import { commonLook, draftIn, look, readyLook } from './looks.ts';
import { dialogLook, dialogWords, numberedMenu } from './menus.ts';
import { geminiSubject } from './subjects.ts';
import { geminiTitle } from './titles.ts';

/** Measured with 0.61.0. */
const PLACEHOLDERS = [/^Type your message or @path\/to\/file$/];
const INPUT = /^ ?([>!*])(?:\s|$)/u;
const RULE = /^─{8,}$/u;
/** The footer's table begins below the input. */
const FOOTER = /^\s*workspace \(/u;
/** Here, unlike elsewhere, "esc to cancel" says that it works. */
const THINKING = /^\s*[\u2800-\u28ff] .*\(esc to cancel, \d+/u;
const MARK = /^(?:[✦✕ℹ⚠] | > )/u;
/** Rows above the input that are searched. */
const ABOVE = 40;

const KINDS: readonly (readonly [WaitingKind, RegExp])[] = [
  // The model's own words follow: they must not be taken for another kind.
  ['question', /^Answer Questions\n/u],
  ['trust', /Do you trust (?:the files in )?this folder/u],
  ['login', /How would you like to authenticate|Get started/u],
  ['onboarding', /theme/iu],
  ['rate-limit', /quota|rate limit/iu],
];

/** Reads a screen of Gemini CLI. It does not use the alternate screen: tmux reflows what it drew. */
export function lookAtGemini(screen: Screen): Look {
  const common = commonLook(screen);
  if (common) return common;
  const rule = screen.lines.findLastIndex((line) => RULE.test(line));
  const offset = rule === -1 ? -1 : screen.lines.slice(rule + 1).findIndex((line) => INPUT.test(line));
  const from = offset === -1 ? -1 : rule + 1 + offset;
  return dialog(screen, from) ?? (from === -1 ? withoutInput(screen) : withInput(screen, rule, from));
}

/** A dialog stands in a box of its own and takes the input's place: a prompt of the user's may be above it. */
function dialog(screen: Screen, input: number): Look | null {
  const { lines } = screen;
  const inner = lines.map((line) => line.replace(/^\s*│ ?/u, '').replace(/\s*│$/u, ''));
  const frame = lines.findLastIndex((line) => /^ ?╭/u.test(line));
  const menu = numberedMenu(inner, '●', 'digit');
  if (menu === null || frame === -1 || menu.first <= Math.max(frame, input)) return null;
  if (!/^\s*│/u.test(lines[menu.at] ?? '')) return null;
  const subject = geminiSubject(lines.slice(frame + 1, menu.first));
  return dialogLook('dialog', dialogWords(inner.slice(frame + 1, menu.first), 'last'), menu.options, KINDS, subject);
}

function withInput(screen: Screen, rule: number, from: number): Look {
  const { lines } = screen;
  const footer = lines.findIndex((line, row) => row > from && FOOTER.test(line));
  const blank = lines.findIndex((line, row) => row > from && line.trim() === '');
  const to = footer !== -1 ? footer : blank !== -1 ? blank : lines.length;
  const mode = INPUT.exec(lines[from] ?? '')?.[1] ?? '>';
  const column = (lines[from] ?? '').indexOf(mode) + 2;
  const typed = draftIn(screen, { from, to, column, indent: column }, PLACEHOLDERS).trim();
  // In shell mode the prompt sign is `!`: whatever were sent would run as a command.
  const draft = mode === '!' ? `!${typed}` : typed;
  const above = lines.slice(Math.max(0, rule - ABOVE), rule);
  const queued = above.some((line) => /^\s*Queued \(press ↑ to edit\)/u.test(line));
  const input = { draft };
  const thinking = lastLines(above, 4).findLast((line) => THINKING.test(line));
  if (thinking !== undefined) {
    const reason = thinking.trim().replace(/\s{2,}.*$/u, '');
    return look('busy', 'thinking', reason, { input, queued });
  }
  if (geminiTitle(screen.title) === 'working') {
    return look('busy', 'title', `the title says that it works: ${screen.title.trim()}`, { input, queued });
  }
  const latest = above.findLast((line) => MARK.test(line) && !/^ℹ This request failed/u.test(line)) ?? '';
  if (latest.startsWith('✕ ')) return look('error', 'error', latest.slice(2).trim(), { input, queued });
  if (/^ℹ Request cancelled/u.test(latest)) return readyLook('interrupted', 'the turn was cancelled', draft, queued);
  return readyLook('box', 'its input box is there and nothing runs', draft, queued);
}

function withoutInput(screen: Screen): Look {
  if (geminiTitle(screen.title) === 'asks') {
    const waiting = { kind: 'approve' as const, text: 'Action Required', options: [], subject: null };
    return look('waiting', 'title', `the title says: ${screen.title.trim()}`, { waiting });
  }
  if (/Gemini CLI v[\d.]+/u.test(tail(screen.lines, 40))) {
    return look('starting', 'banner', 'its banner is there, its input box is not yet');
  }
  return look('unknown', 'no-box', 'neither an input box nor a dialog is on the screen');
}
