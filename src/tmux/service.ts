import { randomUUID } from 'node:crypto';
import { failure, lines, type TmuxClient } from './client.ts';
import type { SessionRef } from './sessions.ts';
import { all, literal, quoted, windowName } from './words.ts';

/** A program of swarm's own in a window of its own, which tmux starts again when it fails. */
export interface Service {
  readonly session: SessionRef;
  readonly name: string;
  readonly cwd: string;
  /** Two words or more: a single one would be a shell's command line to tmux. */
  readonly argv: readonly string[];
  /** Goes into the user option by which the window is found again. */
  readonly mark: string;
  /** Times that it is started again until {@link forgiveService}. */
  readonly respawns: number;
}

/**
 * Opens the service's window in the background. One that ends well takes its window along. One command list: a program
 * that ends at once finds everything set, and is started again or leaves its last words.
 */
export async function openService(client: TmuxClient, wanted: Service): Promise<string> {
  const { session, placeholder } = wanted.session;
  const temporary = `swarm-${randomUUID()}`;
  const place = placeholder === null ? ['-t', `${session}:`] : ['-k', '-t', placeholder];
  const start = ['new-window', '-d', '-P', '-F', '#{pane_id}', ...place, '-n', temporary, '-c', literal(wanted.cwd)];
  const commands = [[...start, '--', ...wanted.argv], ...settings(`${session}:=${temporary}`, wanted)];
  const result = await client.try(commands);
  const pane = lines(result.stdout)[0];
  if (pane === undefined) throw failure(commands, result);
  // A hook of the user's renamed or split the window before its settings were made: then by its id.
  if (result.problem !== null) await client.chain(settings(pane, wanted));
  return pane;
}

function settings(at: string, { name, mark, respawns }: Service): string[][] {
  return [
    ['set-option', '-w', '-t', at, 'remain-on-exit', 'on'],
    ['set-hook', '-p', '-t', at, 'pane-died', onDeath(respawns)],
    ['set-option', '-p', '-t', at, '@swarm_service', mark],
    ['set-option', '-p', '-t', at, '@swarm_respawns', '0'],
    ['set-option', '-w', '-t', at, 'allow-rename', 'off'],
    ['set-option', '-w', '-t', at, 'automatic-rename', 'off'],
    ['rename-window', '-t', at, '--', literal(windowName(name))],
  ];
}

/**
 * What tmux does when the program ends: nothing more after too many times, so that its last words can be read. A hook's
 * commands are about the pane that died where they name none.
 */
function onDeath(respawns: number): string {
  const again = all(['#{!=:#{pane_dead_status},0}', `#{e|<:#{@swarm_respawns},${respawns}}`]);
  const count = `set-option -p -F @swarm_respawns '#{e|+:#{@swarm_respawns},1}'`;
  const ended = `if-shell -F '#{==:#{pane_dead_status},0}' kill-pane`;
  return `if-shell -F ${quoted(again)} ${quoted(`${count} ; respawn-pane`)} ${quoted(ended)}`;
}

export interface ServicePane {
  readonly pane: string;
  /** The process that it runs, or ran. */
  readonly pid: number;
  readonly dead: boolean;
}

/** The panes of the service with this mark: none, or one unless somebody has copied it. */
export async function findService(client: TmuxClient, mark: string): Promise<ServicePane[]> {
  const wanted = `#{==:#{@swarm_service},${mark}}`;
  const result = await client.try([['list-panes', '-a', '-f', wanted, '-F', '#{pane_id}|#{pane_pid}|#{pane_dead}']]);
  if (result.problem !== null) return [];
  return lines(result.stdout).map((line) => {
    const [pane = '', pid, dead] = line.split('|');
    return { pane, pid: Number(pid), dead: dead === '1' };
  });
}

/** It is to be ended, and then not started again. */
export async function retireService(client: TmuxClient, mark: string): Promise<void> {
  for (const { pane } of await findService(client, mark))
    await client.try([['set-hook', '-p', '-u', '-t', pane, 'pane-died']]);
}

/** It has run well for long enough: earlier failures don't count any more. */
export async function forgiveService(client: TmuxClient, mark: string): Promise<void> {
  for (const { pane } of await findService(client, mark))
    await client.try([['set-option', '-p', '-t', pane, '@swarm_respawns', '0']]);
}
