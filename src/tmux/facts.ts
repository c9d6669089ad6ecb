import { randomBytes } from 'node:crypto';

/** What tmux knows of a pane. */
export interface PaneFacts {
  /** `@swarm_agent`; empty for a pane that is not an agent's. */
  readonly agentId: string;
  /** `@swarm_extra`: the agent whose window this further pane is in; empty for others. */
  readonly extraOf: string;
  /** `@swarm_adopted`: its user opened it, not swarm. */
  readonly adopted: boolean;
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

export const FORMATS = [
  'pane_id',
  '@swarm_agent',
  '@swarm_extra',
  '@swarm_adopted',
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
export function factsFormat(mark: string): string {
  return `${mark}${FORMATS.map((name) => `#{${name}}`).join(mark)}${mark}`;
}

/** Null where the pane is gone. */
export function parseFacts(text: string, mark: string): PaneFacts | null {
  const values = text.split(mark).slice(1, -1);
  const of = (name: (typeof FORMATS)[number]) => values[FORMATS.indexOf(name)] ?? '';
  const number = (name: (typeof FORMATS)[number]) => Number(of(name));
  const numberOrNull = (name: (typeof FORMATS)[number]) => (of(name) === '' ? null : number(name));
  if (values.length !== FORMATS.length || of('pane_id') === '') return null;
  return {
    agentId: of('@swarm_agent'),
    extraOf: of('@swarm_extra'),
    adopted: of('@swarm_adopted') !== '',
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

/** A new word to frame facts with. */
export const newMark = () => `<${randomBytes(8).toString('hex')}>`;
