import { stripControls } from '../lib/text.ts';

/** A whole argument of a tmux command line: tmux takes a `;` at its end for the end of the command. */
export function argument(text: string): string {
  return text.endsWith(';') ? `${text.slice(0, -1)}\\;` : text;
}

/** Text for an argument that tmux expands as a format (names, `-c` folders): `#(…)` in it would run a program. */
export function literal(text: string): string {
  // `##` stands for `#`, except before `[`: there tmux leaves any run of `#` as it is.
  return text.replace(/#(?!#*\[)/g, '##');
}

/** A word inside a command string, for tmux's own parser. Inside single quotes nothing is special to it. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}

/**
 * A format that is 1 when none of the words is on the pane's visible screen, else 0. The words are literal; one must
 * not be broken over two lines of the screen.
 */
export function noneOnScreen(words: readonly string[]): string {
  // As an extended regular expression inside a format, where `#`, `,` and `}` have a meaning of their own. An
  // expression that doesn't compile would count as "not found": everything special is escaped.
  const pattern = words.map((word) => word.replace(/[.[\]()*+?{}|^$\\]/g, '\\$&').replace(/[#,}]/g, '#$&')).join('|');
  return `#{==:#{C/r:${pattern}},0}`;
}

/** A format that is 1 when the word is on the pane's visible screen; literal and in one line, like those above. */
export function onScreen(word: string): string {
  return `#{==:${noneOnScreen([word])},0}`;
}

/** A format that is 1 when all conditions are. */
export function all(conditions: readonly string[]): string {
  return conditions.reduceRight((rest, condition) => (rest === '' ? condition : `#{&&:${condition},${rest}}`), '');
}

/** A session's name as tmux keeps it: dots and colons separate windows and panes in its targets. */
export function sessionName(wanted: string): string {
  const clean = stripControls(wanted)
    .replace(/[.:\s]/gu, '_')
    .replaceAll('#', '');
  return clean.replace(/^[-=$@%+!{~]+/u, '') || 'swarm';
}

/** A window's name: one line, and nothing that a status line takes for a style. */
export function windowName(wanted: string): string {
  return stripControls(wanted).replaceAll('#', '').replace(/\s+/gu, ' ').trim() || 'agent';
}
