import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { BugError, exit, UserError } from '../lib/errors.ts';
import { failure, lines, type TmuxClient, type TmuxResult } from './client.ts';
import type { SessionRef } from './sessions.ts';
import { literal, windowName } from './words.ts';

export interface NewWindow {
  readonly session: SessionRef;
  readonly name: string;
  readonly cwd: string;
  /** The program and at least one argument: a single word would be a shell's command line to tmux. */
  readonly argv: readonly string[];
  /** Goes into the user option by which the pane is found again. Letters, digits, `_` and `-`. */
  readonly agentId: string;
  /** Id of the window to stand behind. Default: the first free place. */
  readonly after?: string;
}

export interface NewPane {
  /** The pane to split. */
  readonly pane: string;
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly agentId: string;
  /** Lines, or a share like `50%`. Default: half. */
  readonly size?: string | null;
  /** Whether the pane stays when its program ends: always, when it failed, or never (default). */
  readonly remain?: 'on' | 'failed' | 'off';
}

export interface WindowRef {
  readonly window: string;
  readonly pane: string;
  readonly pid: number;
}

/** Programs whose pane does not stay. */
const ENDED = { off: '#{pane_dead}', failed: '#{&&:#{pane_dead},#{==:#{pane_dead_status},0}}' } as const;

const IDS = '#{window_id}|#{pane_id}|#{pane_pid}';

/**
 * Opens an agent's window in the background. One command list: whoever is killed when, the window either isn't there
 * or carries the agent's id, and a program that ends at once leaves its status and its last words.
 */
export async function newWindow(client: TmuxClient, wanted: NewWindow): Promise<WindowRef> {
  checkStart(wanted);
  const { session, placeholder } = wanted.session;
  if (placeholder !== null) {
    const first = await openWindow(client, wanted, ['-k', '-t', placeholder]);
    if (first) return first;
    // Somebody else has put a window in its place.
  }
  const place = wanted.after === undefined ? ['-t', `${session}:`] : ['-a', '-t', wanted.after];
  const made = await openWindow(client, wanted, place);
  if (made) return made;
  throw failure([['new-window']], { stdout: '', stderr: `can't find ${place.join(' ')}`, problem: 'no-target' });
}

/** Null when the place for it is gone. */
async function openWindow(client: TmuxClient, wanted: NewWindow, place: readonly string[]): Promise<WindowRef | null> {
  const temporary = `swarm-${randomUUID()}`;
  const start = ['new-window', '-d', '-P', '-F', IDS, ...place, '-n', temporary, '-c', literal(wanted.cwd)];
  const commands = [[...start, '--', ...wanted.argv], ...identity(`${wanted.session.session}:=${temporary}`, wanted)];
  const result = await client.try(commands);
  if (result.problem === 'no-target' && result.stdout === '') return null;
  const made = windowRef(result, commands);
  // A hook of the user's renamed or split the window before it had its identity: give it by id.
  if (result.problem !== null) await client.chain(identity(made.window, wanted, made.pane));
  return made;
}

function identity(window: string, { agentId, name }: NewWindow, pane = window): string[][] {
  return [
    ['set-option', '-w', '-t', window, 'remain-on-exit', 'on'],
    ['set-option', '-p', '-t', pane, '@swarm_agent', agentId],
    ['set-option', '-w', '-t', window, '@swarm_window', agentId],
    ['set-option', '-w', '-t', window, 'allow-rename', 'off'],
    ['set-option', '-w', '-t', window, 'automatic-rename', 'off'],
    // Typing into several panes at once would take an agent's Enter to the others.
    ['set-option', '-w', '-t', window, 'synchronize-panes', 'off'],
    ['rename-window', '-t', window, '--', literal(windowName(name))],
  ];
}

/** Opens one more pane in an agent's window (an editor, a dev server), in the background. It is not the agent's own. */
export async function splitPane(client: TmuxClient, wanted: NewPane): Promise<WindowRef> {
  checkStart(wanted);
  const size = wanted.size ? ['-l', wanted.size] : [];
  const place = ['-t', wanted.pane, ...size, '-c', literal(wanted.cwd)];
  const commands = [['split-window', '-d', '-P', '-F', IDS, ...place, '--', ...wanted.argv]];
  const made = windowRef(await client.try(commands), commands);
  const remain = wanted.remain ?? 'off';
  const settings = [
    ['set-option', '-p', '-t', made.pane, '@swarm_extra', wanted.agentId],
    ['set-option', '-p', '-t', made.pane, 'remain-on-exit', remain],
    // One that ended before that stayed by the window's own setting.
    ...(remain === 'on' ? [] : [['if-shell', '-F', '-t', made.pane, ENDED[remain], `kill-pane -t ${made.pane}`]]),
  ];
  const result = await client.try(settings);
  if (result.problem === 'failed') throw failure(settings, result);
  return made;
}

/** Starts a program in a pane again, ending what still runs there; the pane keeps its place and identity. */
export async function respawnPane(
  client: TmuxClient,
  wanted: { readonly pane: string; readonly cwd: string; readonly argv: readonly string[] },
): Promise<WindowRef> {
  checkStart(wanted);
  const commands = [
    ['respawn-pane', '-k', '-t', wanted.pane, '-c', literal(wanted.cwd), '--', ...wanted.argv],
    ['display-message', '-p', '-t', wanted.pane, IDS],
  ];
  const result = await client.try(commands);
  if (result.problem !== null) throw failure(commands, result);
  return windowRef(result, commands);
}

/** tmux runs one word through a shell, and starts in the home folder where it can't enter the wanted one. */
function checkStart({ argv, cwd }: { readonly argv: readonly string[]; readonly cwd: string }): void {
  if (argv.length < 2)
    throw new BugError(`tmux would take '${argv.join(' ')}' for a shell's command line: give two words or more.`);
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new UserError({
    code: 'NO_FOLDER',
    exit: exit.failed,
    message: `The folder ${cwd} is not there, so nothing can be started in it.`,
    hint: 'swarm repair',
    details: { cwd },
  });
}

function windowRef(result: TmuxResult, commands: readonly (readonly string[])[]): WindowRef {
  const [window, pane, pid] = (lines(result.stdout)[0] ?? '').split('|');
  if (window === undefined || pane === undefined || pid === undefined) throw failure(commands, result);
  return { window, pane, pid: Number(pid) };
}
