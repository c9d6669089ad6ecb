import type { AgentCliConfig } from '../../config/types.ts';
import { exit, messageOf, UserError } from '../../lib/errors.ts';
import { type Look, lastLines, type Screen } from '../screen.ts';
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
    pattern === null ? undefined : lines.findLast((line) => pattern.test(line));
  const input = { draft: draftOf(patterns, lines) };
  const waiting = find(patterns.waiting);
  if (waiting !== undefined) {
    const text = waiting.trim();
    return look('waiting', 'config.waiting', `question: ${text}`, { waiting: { kind: 'question', text, options: [] } });
  }
  const busy = find(patterns.busy);
  if (busy !== undefined) return look('busy', 'config.busy', busy.trim(), { input });
  const ready = find(patterns.ready) ?? (patterns.ready === null ? find(patterns.input) : undefined);
  return ready === undefined ? null : look('ready', 'config.ready', `ready: ${ready.trim()}`, { input });
}

/** What `input` catches in the lowest line that fits: its first group, else what follows the match. */
function draftOf(patterns: Patterns, lines: readonly string[]): string | null {
  const pattern = patterns.input;
  if (pattern === null) return null;
  const line = lines.findLast((candidate) => pattern.test(candidate) || pattern.test(`${candidate} `));
  if (line === undefined) return null;
  // Screens are trimmed on the right: `^❯ (.*)$` must fit an empty box, too.
  const match = pattern.exec(line) ?? pattern.exec(`${line} `);
  return (match?.[1] ?? line.slice((match?.index ?? 0) + (match?.[0].length ?? 0))).trim();
}

function nothingFound(name: string, patterns: Patterns): string {
  if (patterns.ready === null && patterns.input === null) {
    return `agents.${name} has neither 'ready' nor 'input': nothing tells that it can take a prompt`;
  }
  return `none of the patterns of agents.${name} is on the last lines`;
}
