import type { AgentCliConfig } from '../../config/types.ts';
import { exit, messageOf, UserError } from '../../lib/errors.ts';
import { type Look, lastLines, runsOf, type Screen } from '../screen.ts';
import { isFaint } from '../sgr.ts';
import { commonLook, look } from './looks.ts';

const KEYS = ['ready', 'input', 'busy', 'waiting'] as const;

/** The regular expressions of a configured CLI; null for those that aren't there. */
export type Patterns = Readonly<Record<(typeof KEYS)[number], RegExp | null>>;

/** Each pattern is tried on each of so many last lines that aren't blank. */
const LAST_LINES = 12;

/** Compiles what config says. @throws UserError (exit 2) naming the key whose expression is none. */
export function readPatterns(name: string, config: AgentCliConfig): Patterns {
  const compile = (key: (typeof KEYS)[number]) => {
    const source = config[key];
    if (source === null) return null;
    try {
      return new RegExp(source);
    } catch (error) {
      throw new UserError({
        code: 'BAD_CONFIG',
        exit: exit.usage,
        message: `agents.${name}.${key} is no regular expression: ${messageOf(error)}`,
        hint: 'swarm config validate',
        details: { key: `agents.${name}.${key}`, value: source },
        cause: error,
      });
    }
  };
  return { ready: compile('ready'), input: compile('input'), busy: compile('busy'), waiting: compile('waiting') };
}

export const hasPatterns = (patterns: Patterns): boolean => KEYS.some((key) => patterns[key] !== null);

/** What the patterns find: waiting before busy before ready. */
export function patternLook(name: string, patterns: Patterns, screen: Screen): Look {
  const common = commonLook(screen);
  if (common) return common;
  return foundLook(patterns, screen) ?? look('unknown', 'no-match', nothingFound(name, patterns));
}

/** Like {@link patternLook}, but null when no pattern fits. */
export function foundLook(patterns: Patterns, screen: Screen): Look | null {
  const lines = lastLines(screen.lines, LAST_LINES);
  const find = (pattern: RegExp | null) =>
    pattern === null ? undefined : lines.findLast((line) => fits(pattern, line) !== null);
  const box = boxOf(patterns.input, screen);
  const input = { draft: box?.draft ?? null };
  const waiting = find(patterns.waiting);
  if (waiting !== undefined) {
    const text = waiting.trim();
    const asked = { kind: 'question', text, options: [], subject: null } as const;
    return look('waiting', 'config.waiting', `question: ${text}`, { waiting: asked });
  }
  const busy = find(patterns.busy);
  if (busy !== undefined) return look('busy', 'config.busy', busy.trim(), { input });
  const ready = find(patterns.ready) ?? (patterns.ready === null ? box?.line : undefined);
  return ready === undefined ? null : look('ready', 'config.ready', `ready: ${ready.trim()}`, { input });
}

/** Screens are trimmed on the right: `^❯ (.*)$` must fit an empty box, and `^> ` an empty prompt. */
function fits(pattern: RegExp, line: string): RegExpExecArray | null {
  return pattern.exec(line) ?? pattern.exec(`${line} `);
}

/** The lowest line that `input` fits, and what it catches there: its first group, else what follows the match. */
function boxOf(pattern: RegExp | null, screen: Screen): { readonly line: string; readonly draft: string } | null {
  if (pattern === null) return null;
  const matchOf = (line: string) => fits(pattern, line);
  const rows = screen.lines.flatMap((line, row) => (line.trim() === '' ? [] : [row])).slice(-LAST_LINES);
  const row = rows.findLast((candidate) => matchOf(screen.lines[candidate] ?? '') !== null);
  if (row === undefined) return null;
  const line = screen.lines[row] ?? '';
  const typed = typedIn(screen, row);
  const source = matchOf(typed) === null ? line : typed;
  const match = matchOf(source);
  const draft = match?.[1] ?? source.slice((match?.index ?? 0) + (match?.[0].length ?? 0));
  return { line, draft: draft.trim() };
}

/** A line without its faint text, which is a placeholder or a suggestion, and without the cursor that sits on it. */
function typedIn(screen: Screen, row: number): string {
  const runs = runsOf(screen, row);
  if (!runs.some(({ pen }) => isFaint(pen))) return screen.lines[row] ?? '';
  const typed = runs.filter(({ text, pen }) => !isFaint(pen) && !(pen.reverse && text.length === 1));
  return typed
    .map(({ text }) => text)
    .join('')
    .trimEnd();
}

function nothingFound(name: string, patterns: Patterns): string {
  if (patterns.ready === null && patterns.input === null) {
    return `agents.${name} has neither 'ready' nor 'input': nothing tells that it can take a prompt`;
  }
  return `none of the patterns of agents.${name} is on the last lines`;
}
