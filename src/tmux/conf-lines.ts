import { shellWord } from '../lib/text.ts';
import { literal } from './words.ts';

/*
 * Lines of a tmux configuration. What is put into them passes up to three readers: tmux's parser, its formats (where `#`
 * is doubled), a shell. Nothing but what swarm knows itself goes in: no name, no path of a pane, no typed text.
 *
 * A command is kept in an option of its own, which its key and the menu name: so the lines can be read.
 */

/** A program and what it needs, to be run when a key is pressed. */
export interface Program {
  readonly argv: readonly string[];
  /** Added to the environment of the tmux server, which is not that of who installs. */
  readonly env: Readonly<Record<string, string>>;
}

/** A command that a key can run: what its option holds, and how it is run from there. */
export interface KeyCommand {
  readonly option: string;
  readonly value: string;
  /** A tmux command. */
  readonly run: string;
}

/** Begins the names of those options, and so tells a binding of ours. */
export const KEY_OPTION = '@swarm_key_';

/** Where a key was pressed: the repository in a session of swarm's own, else the folder of the pane. A format. */
export const FOLDER = '#{?@swarm_session,#{session_path},#{pane_current_path}}';

const PANE = 'TMUX_PANE=#{pane_id}';

/** Runs the program in a popup, which stays when it fails. Its columns and lines, or shares as `90%`. */
export function popupCommand(
  action: string,
  { argv, env }: Program,
  size: { readonly width: string; readonly height: string },
): KeyCommand {
  const shape = ['-E', '-E', '-w', size.width, '-h', size.height, '-d', FOLDER];
  const before = [...shape, '--', '/usr/bin/env', ...variables(env)].map(literal);
  const option = `${KEY_OPTION}${action}`;
  const value = ['display-popup', ...before, PANE, ...argv.map(literal)].map(word).join(' ');
  // A popup expands no formats in what it runs: `E:` does so before.
  return { option, value, run: `run-shell -C '#{E:${option}}'` };
}

/** Runs the program out of sight. It learns the pane, and the client as `SWARM_CLIENT`. */
export function quietCommand(action: string, { argv, env }: Program): KeyCommand {
  const own = [...variables(env), ...argv].map((one) => literal(shellWord(one)));
  const line = ['exec /usr/bin/env', PANE, 'SWARM_CLIENT=#{q:client_name}', ...own].join(' ');
  const option = `${KEY_OPTION}${action}`;
  return { option, value: `run-shell -b ${word(line)}`, run: `run-shell -C '#{${option}}'` };
}

/** A menu of commands, each with a key of one character or none. */
export function menuCommand(
  action: string,
  title: string,
  items: readonly { readonly name: string; readonly key: string; readonly command: KeyCommand }[],
): KeyCommand {
  const choices = items.flatMap(({ name, key, command }) => [
    literal(name),
    key.length === 1 ? key : '',
    literal(command.run),
  ]);
  const option = `${KEY_OPTION}${action}`;
  const value = ['display-menu', '-T', ` ${literal(title)} `, '-x', 'C', '-y', 'C', ...choices].map(word).join(' ');
  return { option, value, run: `run-shell -C '#{${option}}'` };
}

/** Keeps the command where its key and the menu find it. */
export function commandLine({ option, value }: KeyCommand): string {
  return `set-option -g ${option} ${word(value)}`;
}

/** Binds a key after the prefix; the note shows in tmux's own list of keys. */
export function bindLine(key: string, note: string, { run }: KeyCommand): string {
  return `bind-key -N ${word(note)} ${word(key)} ${run}`;
}

/** A word for tmux's parser, quoted only where that is needed. */
function word(text: string): string {
  if (/^[\w%+=:,./@-]+$/.test(text)) return text;
  return text.includes("'") ? `"${text.replace(/["\\$]/g, '\\$&')}"` : `'${text}'`;
}

function variables(env: Program['env']): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

/** What is put before the user's own formats, by option. */
export const SHOWN = {
  'status-right': '#{?@swarm_status,#{@swarm_status} ,}',
  'window-status-format': '#{?@swarm_glyph,#{@swarm_glyph} ,}',
  'window-status-current-format': '#{?@swarm_glyph,#{@swarm_glyph} ,}',
} as const;

/** Columns that the status line's right side gets on top, so that nothing of the user's is cut off. */
export const WIDER = 24;
/** Holds the width as it was. */
export const WIDTH_BEFORE = '@swarm_status_right_length';

/** Shows the states in the status line, before what the user has there. Read again, they change nothing. */
export function statusLines(): string[] {
  const shown = Object.entries(SHOWN).map(([option, format]) => {
    const name = /@swarm_\w+/.exec(format)?.[0] ?? '';
    const set = `set-option -gF ${option} ${word(`${format.replaceAll('#', '##')}#{${option}}`)}`;
    return `if-shell -F ${word(`#{m:*${name}*,#{${option}}}`)} '' ${word(set)}`;
  });
  const wider = `#{e|+:#{status-right-length},${WIDER}}`;
  const set = `set-option -gF ${WIDTH_BEFORE} '#{status-right-length}' ; set-option -gF status-right-length '${wider}'`;
  const done = `#{==:#{status-right-length},#{e|+:0#{${WIDTH_BEFORE}},${WIDER}}}`;
  return [...shown, `if-shell -F ${word(done)} '' ${word(set)}`];
}
