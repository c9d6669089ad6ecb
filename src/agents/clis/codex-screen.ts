import { type Look, lastLines, type Screen, type WaitingKind } from '../screen.ts';
import { commonLook, draftIn, look, readyLook } from './looks.ts';
import { dialogLook, dialogWords, numberedMenu } from './menus.ts';
import { codexSubject } from './subjects.ts';
import { codexTitle } from './titles.ts';

/** Measured with 0.169.0. */
const PLACEHOLDERS = [/^Ask Codex to do anything$/];
const HINT = /^\s*(?:tab (?:or esc )?to \w+ notes \| )?(?:press )?enter (?:to )?(?:confirm|continue|submit|select)\b/iu;
const HINT_START = /^\s*(?:tab (?:or esc )?to \w+ notes\b|(?:press )?enter\b)/iu;
/** `(1s • esc to interrupt)`, `(1m 03s • esc to interrupt)`. */
const STATUS = /^[•◦] .{1,80}\((?:\d+[hms] ?)+ • esc to int/u;
const QUEUED = /^[•◦] Messages to be submitted after\b/u;
/** Model and folder, or hints: what stands below the composer. */
const FOOTER = /^ {2}\S.* · /u;
/** First column: only Codex's own marks and the user's prompts. */
const GLYPH = /^[•◦■✔✗⚠›] /u;
/** Rows above the composer that are searched for what runs: queued messages and details may stand between. */
const ABOVE = 40;

const KINDS: readonly (readonly [WaitingKind, RegExp])[] = [
  // The model's own words follow: they must not be taken for another kind.
  ['question', /^Question \d+\/\d+ /u],
  // Whose hooks they are nobody knows from here: not among the questions that config may answer.
  ['approve', /Hooks need review/u],
  ['trust', /Folder access|Trust this folder\?|trust the contents/iu],
  ['rate-limit', /rate limit|usage limit/iu],
  ['approve', /^Would you like to /mu],
  ['login', /^(?:Sign in|Log ?in)\b/imu],
];

/** Reads a screen of Codex. */
export function lookAtCodex(screen: Screen): Look {
  const common = commonLook(screen);
  if (common) return common;
  return dialog(screen) ?? composer(screen) ?? withoutBox(screen);
}

/** A dialog takes the composer's and the footer's place: its hint is the last line (or two, on a narrow screen). */
function dialog(screen: Screen): Look | null {
  const [before = '', last = ''] = lastLines(screen.lines, 2);
  const hinted = HINT.test(last) || (HINT_START.test(before) && HINT.test(`${before.trim()} ${last.trim()}`));
  if (!hinted) return null;
  const menu = numberedMenu(screen.lines, '›', 'letter');
  const end = menu?.first ?? screen.lines.length;
  const start = screen.lines.findLastIndex((line, row) => row < end && GLYPH.test(line));
  const lines = screen.lines.slice(start + 1, end);
  const subject = start === -1 ? null : codexSubject(lines);
  const options = (menu?.options ?? []).map((option) => ({ ...option, label: withoutHelp(option.label) }));
  return dialogLook('dialog', dialogWords(lines, 'first'), options, KINDS, subject);
}

/** The answers to a question have what they mean in a column of its own. */
const withoutHelp = (label: string) => label.replace(/ {2,}\S.*$/u, '');

/** The composer is the lowest `›`; below it, after a blank line, only the footer. */
function composer(screen: Screen): Look | null {
  const { lines } = screen;
  const from = lines.findLastIndex((line) => /^›(?: |$)/u.test(line));
  if (from === -1) return null;
  const end = lines.findLastIndex((line) => line.trim() !== '') + 1;
  const gaps = lines.flatMap((line, row) => (row > from && row < end && line.trim() === '' ? row : []));
  const gap = gaps.find((row) => FOOTER.test(lines[row + 1] ?? '')) ?? gaps.at(-1) ?? end;
  const draft = draftIn(screen, { from, to: gap, column: 2, indent: 2 }, PLACEHOLDERS);
  const input = { draft };
  const above = lines.slice(Math.max(0, from - ABOVE), from);
  const queued = above.some((line) => QUEUED.test(line));
  const at = above.findLastIndex((line) => GLYPH.test(line) && !QUEUED.test(line));
  const latest = above[at] ?? '';
  const over = above.slice(at + 1).some((line) => /^\s+Worked for /u.test(line));
  if (!over && STATUS.test(latest)) return look('busy', 'status', latest.trim(), { input, queued });
  if (codexTitle(screen.title) === 'working') {
    return look('busy', 'title', `the title says that it works: ${screen.title}`, { input, queued });
  }
  if (/^■ (?!.*\binterrupted\b)/iu.test(latest)) {
    return look('error', 'error', latest.replace(/^■ /u, '').trim(), { input, queued });
  }
  const done = lastLines(above, 1)[0]?.trim() ?? '';
  if (/^Worked for /u.test(done)) return readyLook('done', done, draft, queued);
  return readyLook('box', 'its composer is there and nothing runs', draft, queued);
}

function withoutBox(screen: Screen): Look {
  if (codexTitle(screen.title) === 'asks') {
    const waiting = { kind: 'approve' as const, text: 'Action Required', options: [], subject: null };
    return look('waiting', 'title', `the title says: ${screen.title}`, { waiting });
  }
  return look('unknown', 'no-box', 'neither a composer nor a dialog is on the screen');
}
