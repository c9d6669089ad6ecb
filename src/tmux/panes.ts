import { randomBytes } from 'node:crypto';
import { failure, lines, type TmuxClient } from './client.ts';
import { quoted } from './words.ts';

/** What tmux knows of a pane. */
export interface PaneFacts {
  /** `@swarm_agent`; empty for a pane that is not an agent's. */
  readonly agentId: string;
  /** `@swarm_extra`: the agent whose window this further pane is in; empty for others. */
  readonly extraOf: string;
  readonly session: string;
  readonly sessionName: string;
  readonly window: string;
  readonly windowName: string;
  readonly pane: string;
  readonly pid: number;
  readonly tty: string;
  /** The program has ended, and the pane shows its last screen. */
  readonly dead: boolean;
  /** Exit status, once dead; null when a signal ended it or tmux doesn't know. */
  readonly deadStatus: number | null;
  /** Number of the signal that ended it. */
  readonly deadSignal: number | null;
  /** A person scrolls or searches in it: keys would go there. */
  readonly inMode: boolean;
  /** Input is switched off (`select-pane -d`). */
  readonly inputOff: boolean;
  readonly width: number;
  readonly height: number;
  readonly cursor: { readonly x: number; readonly y: number };
  /** The program draws on the alternate screen, which has no history. */
  readonly alternate: boolean;
  /** Clients that look at the pane's session. */
  readonly attached: number;
  /** When the window last wrote something: milliseconds since 1970, to the second. */
  readonly activity: number;
  readonly currentCommand: string;
  readonly currentPath: string;
  /** What the program calls itself. Any text. */
  readonly title: string;
}

const FORMATS = [
  'pane_id',
  '@swarm_agent',
  '@swarm_extra',
  'session_id',
  'window_id',
  'pane_pid',
  'pane_dead',
  'pane_dead_status',
  'pane_dead_signal',
  'pane_in_mode',
  'pane_input_off',
  'pane_width',
  'pane_height',
  'cursor_x',
  'cursor_y',
  'alternate_on',
  'session_attached',
  'window_activity',
  'pane_tty',
  'session_name',
  'window_name',
  'pane_current_command',
  'pane_current_path',
  'pane_title',
] as const;

/** A format that prints all facts, framed by a word that no program's text can hold by chance or intent. */
function factsFormat(mark: string): string {
  return `${mark}${FORMATS.map((name) => `#{${name}}`).join(mark)}${mark}`;
}

function parseFacts(text: string, mark: string): PaneFacts | null {
  const values = text.split(mark).slice(1, -1);
  const of = (name: (typeof FORMATS)[number]) => values[FORMATS.indexOf(name)] ?? '';
  const number = (name: (typeof FORMATS)[number]) => Number(of(name));
  const numberOrNull = (name: (typeof FORMATS)[number]) => (of(name) === '' ? null : number(name));
  if (values.length !== FORMATS.length || of('pane_id') === '') return null;
  return {
    agentId: of('@swarm_agent'),
    extraOf: of('@swarm_extra'),
    session: of('session_id'),
    sessionName: of('session_name'),
    window: of('window_id'),
    windowName: of('window_name'),
    pane: of('pane_id'),
    pid: number('pane_pid'),
    tty: of('pane_tty'),
    dead: of('pane_dead') === '1',
    deadStatus: numberOrNull('pane_dead_status'),
    deadSignal: numberOrNull('pane_dead_signal'),
    inMode: number('pane_in_mode') > 0,
    inputOff: of('pane_input_off') === '1',
    width: number('pane_width'),
    height: number('pane_height'),
    cursor: { x: number('cursor_x'), y: number('cursor_y') },
    alternate: of('alternate_on') === '1',
    attached: number('session_attached'),
    activity: number('window_activity') * 1000,
    currentCommand: of('pane_current_command'),
    currentPath: of('pane_current_path'),
    title: of('pane_title'),
  };
}

const newMark = () => `<${randomBytes(8).toString('hex')}>`;

/** All panes on the server that belong to agents (of any repository), further panes of their windows included. None without a server. */
export async function listAgentPanes(client: TmuxClient): Promise<PaneFacts[]> {
  const mark = newMark();
  const ours = '#{||:#{!=:#{@swarm_agent},},#{!=:#{@swarm_extra},}}';
  const result = await client.try([['list-panes', '-a', '-f', ours, '-F', factsFormat(mark)]]);
  if (result.problem === 'no-server') return [];
  if (result.problem !== null) throw failure([['list-panes']], result);
  const panes = result.stdout.split(`${mark}\n`).map((record) => parseFacts(`${record}${mark}`, mark));
  // A window that is linked into two sessions is listed twice.
  return [...new Map(panes.flatMap((facts) => (facts ? [[facts.pane, facts] as const] : []))).values()];
}

/**
 * Says "Pane is dead" when a program has ended, which pushes the screen up by a line: the first of the program's last
 * words is then in the history.
 */
function captureVisible(pane: string, flags: string): string[] {
  const command = `capture-pane -p ${flags} -t ${quoted(pane)}`;
  return ['if-shell', '-F', '-t', pane, '#{pane_dead}', `${command} -S -1`, command];
}

/** A pane's facts and what is on its visible screen. */
export interface PaneSnapshot extends PaneFacts {
  /** Its lines, with trailing blanks and colours (SGR). A colour lasts until it is changed, over the ends of lines too. */
  readonly text: string;
}

/**
 * Looks at many panes in one process. Panes that are gone are missing from the answer.
 * Facts and screen of one pane are from the same moment.
 */
export async function snapshot(client: TmuxClient, panes: readonly string[]): Promise<Map<string, PaneSnapshot>> {
  const mark = newMark();
  const found = new Map<string, PaneSnapshot>();
  if (panes.length === 0) return found;
  const result = await client.script(
    panes.flatMap((pane) => [
      `display-message -p -t ${quoted(pane)} ${quoted(factsFormat(mark))}`,
      captureVisible(pane, '-e -N').map(quoted).join(' '),
    ]),
  );
  if (result.problem === 'failed' && result.stdout === '') throw failure([['capture-pane']], result);
  const parts = result.stdout.split(mark).slice(1);
  for (const [index, pane] of panes.entries()) {
    const start = index * (FORMATS.length + 1);
    const facts = parseFacts(['', ...parts.slice(start, start + FORMATS.length), ''].join(mark), mark);
    // Where the wanted pane is gone, tmux speaks of another one.
    if (facts?.pane === pane) found.set(pane, { ...facts, text: (parts[start + FORMATS.length] ?? '').slice(1) });
  }
  return found;
}

/** The pane's screen as text; with `lines`, so many of its last lines, history included. */
export async function capture(
  client: TmuxClient,
  pane: string,
  options: { readonly lines?: number; readonly ansi?: boolean } = {},
): Promise<string> {
  const ansi = options.ansi ? ['-e'] : [];
  const deep = ['capture-pane', '-p', ...ansi, '-t', pane, '-S', `-${Math.max(0, options.lines ?? 0)}`];
  const command = options.lines === undefined ? captureVisible(pane, ansi.join(' ')) : deep;
  const text = (await client.run(command)).replace(/\n+$/, '');
  if (options.lines === undefined) return `${text}\n`;
  const kept = lines(text).slice(-options.lines).join('\n');
  return `${colourBefore(text.slice(0, text.length - kept.length))}${kept}\n`;
}

/** The colour that text leaves behind: what was set since the last return to normal. */
function colourBefore(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  const set: string[] = text.match(/\u001b\[[\d;:]*m/g) ?? [];
  return set.slice(set.lastIndexOf('\u001b[0m') + 1).join('');
}
