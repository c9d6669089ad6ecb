import { type Look, lastLines, runsOf, type Screen, type Subject, tail, type WaitingKind } from '../screen.ts';
import { commonLook, draftIn, look, readyLook } from './looks.ts';
import { dialogLook, dialogWords, lowestMenu } from './menus.ts';
import { claudeSubject } from './subjects.ts';
import { claudeTitle } from './titles.ts';

/** What differs between CLIs that draw their screen as Claude Code does. */
export interface ClaudeLike {
  readonly placeholders: readonly RegExp[];
  /** The bullet that a failed turn ends with. `red`: only in red is it more than what the agent says. */
  readonly error: { readonly text: RegExp; readonly red: boolean };
  /** What a dialog would allow, from its lines between its rule and its answers. */
  readonly subject: (dialog: readonly string[]) => Subject | null;
}

/** Measured with 2.1.329. */
export const CLAUDE_SCREEN: ClaudeLike = {
  placeholders: [/^Press up to edit queued messages$/, /^Resend your message to try again$/, /^Try "/],
  error: {
    text: /^[●⏺] (?:API Error\b|Please run \/login|Invalid API key|.{0,40}\blimit reached\b|You've hit your\b)/u,
    red: false,
  },
  subject: claudeSubject,
};

/** The box's rules start in the first column; a draft's own lines don't. */
const BOX_RULE = /^─{8,}/u;
const PROMPT = /^❯(?:[\s\u00a0]|$)/u;
const MENU = /^\s*❯ (?:\d+\. |Yes\b|No\b)/u;
/** Only Claude Code itself writes in the first column: what it is doing, its bullets, the user's prompts. */
const GLYPH = /^(?:[·✢✣✤✥✦✧✳✶✷✸✹✺✻✼✽*●⏺❯] )/u;
const SPINNER = /^[·✢✣✤✥✦✧✳✶✷✸✹✺✻✼✽*] (?!\S+ for \d).*(?:…|\bretrying in \d)/u;
const DIALOG_HINT = /\bEsc to (?:cancel|exit|go back|reject)\b|\bEnter to (?:confirm|select|submit|continue)\b/u;
const OFFLINE = /^\s*Unable to connect to Anthropic services/u;

/** Footer lines below the box at most: hints, a status line of the user's. */
const FOOTER = 12;
/** Rows above the box that are searched for what runs. */
const ABOVE = 30;

const KINDS: readonly (readonly [WaitingKind, RegExp])[] = [
  ['onboarding', /API key\?|Bypass Permissions mode|text style|theme/u],
  ['trust', /^Accessing workspace|Is this a project you created|trust (?:this folder|the files)/iu],
  ['plan', /plan mode\?|Would you like to proceed\?/u],
  ['approve', /^Do you want to /mu],
  ['rate-limit', /(?:usage|rate|hour|weekly) limit/iu],
  ['login', /^(?:Select login|Log ?in|Sign in)/imu],
];

interface Box {
  readonly top: number;
  readonly bottom: number;
}

/** The input box: a prompt right below a rule, another rule below that, and only a footer under it. */
function findBox(lines: readonly string[]): Box | null {
  const prompt = lines.findLastIndex((line, row) => PROMPT.test(line) && BOX_RULE.test(lines[row - 1] ?? ''));
  if (prompt === -1) return null;
  const bottom = lines.findIndex((line, row) => row > prompt && BOX_RULE.test(line));
  if (bottom === -1) return null;
  const footer = lines.slice(bottom + 1);
  const small = lastLines(footer, FOOTER + 1).length <= FOOTER;
  return small && !footer.some((line) => MENU.test(line)) ? { top: prompt - 1, bottom } : null;
}

/** Reads a screen of Claude Code, or of a CLI that looks the same. */
export function lookAtClaude(screen: Screen, like: ClaudeLike): Look {
  const common = commonLook(screen);
  if (common) return common;
  const box = findBox(screen.lines);
  return box === null ? lookWithoutBox(screen, like) : lookAtBox(screen, box, like);
}

function lookWithoutBox(screen: Screen, like: ClaudeLike): Look {
  const { lines } = screen;
  const starting = lastLines(lines, 1)[0]?.trim() ?? '';
  if (starting === 'Starting…') return look('starting', 'starting', starting);
  const menu = lowestMenu(lines, '❯');
  // A menu without a hint counts when it is numbered and indented: the user's own prompts start in the first column.
  const unhinted = menu !== null && menu.options.length > 1 && /^\s+❯ \d+\. /u.test(lines[menu.at] ?? '');
  if (unhinted || DIALOG_HINT.test(tail(lines, 3))) {
    const end = menu?.first ?? lines.length;
    const start = lines.findLastIndex((line, row) => row < end && /^\s*(?:─{8,}|▔{8,})/u.test(line));
    const dialog = lines.slice(start + 1, end);
    const question = /Enter to select/u.test(tail(lines, 3));
    const kinds: typeof KINDS = question ? [['question', /^/u]] : KINDS;
    // Without its rule, its beginning has gone off the screen.
    const subject = start === -1 ? null : like.subject(dialog);
    return dialogLook('dialog', dialogWords(dialog, 'last'), menu?.options ?? [], kinds, subject);
  }
  const offline = lines.find((line) => OFFLINE.test(line));
  if (offline !== undefined) return look('error', 'offline', offline.trim());
  if (claudeTitle(screen.title) === 'working')
    return look('busy', 'title', `the title says that it works: ${screen.title}`);
  return look('unknown', 'no-box', 'neither an input box nor a dialog is on the screen');
}

function lookAtBox(screen: Screen, box: Box, like: ClaudeLike): Look {
  const { lines } = screen;
  const area = { from: box.top + 1, to: box.bottom, column: 2, indent: 2 };
  const draft = draftIn(screen, area, like.placeholders);
  const input = { draft };
  const start = Math.max(0, box.top - ABOVE);
  const above = lines.slice(start, box.top);
  const queued =
    (lines[box.top + 1] ?? '').includes('Press up to edit queued messages') ||
    above.some((line) => /^\s+⎿\s+Queued(?: ·|:)/u.test(line));
  const row = above.findLastIndex((line) => GLYPH.test(line));
  const latest = above[row] ?? '';
  if (SPINNER.test(latest)) return look('busy', 'spinner', latest.trim(), { input, queued });
  const footer = lines.slice(box.bottom + 1);
  const interrupt = footer.find((line) => /\besc to interrupt\b/u.test(line));
  if (interrupt !== undefined) return look('busy', 'footer', interrupt.trim(), { input, queued });
  if (claudeTitle(screen.title) === 'working') {
    return look('busy', 'title', `the title says that it works: ${screen.title}`, { input, queued });
  }
  const red = runsOf(screen, start + row).some(({ pen }) => pen.foreground === '31');
  if (like.error.text.test(latest) && (red || !like.error.red))
    return look('error', 'error', latest.replace(/^\S+ /u, '').trim(), { input, queued });
  const last = lastLines(above, 1)[0]?.trim() ?? '';
  if (/^⎿\s+Interrupted\b/u.test(last)) return readyLook('interrupted', 'the turn was interrupted', draft, queued);
  if (/^[✻✽✶✢] \S+ for \d/u.test(latest)) return readyLook('done', latest.trim(), draft, queued);
  return readyLook('box', 'its input box is there and nothing runs', draft, queued);
}
