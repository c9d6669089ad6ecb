import { failure, lines, type TmuxClient } from './client.ts';
import type { SessionRef } from './sessions.ts';
import { all, literal, quoted } from './words.ts';

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

/** Opens the service's window in the background. One that ends well takes its window along. */
export async function openService(client: TmuxClient, wanted: Service): Promise<string> {
  const { session, placeholder } = wanted.session;
  const place = placeholder === null ? ['-t', `${session}:`] : ['-k', '-t', placeholder];
  const start = ['new-window', '-d', '-P', '-F', '#{pane_id}', ...place, '-n', wanted.name, '-c', literal(wanted.cwd)];
  const commands = [[...start, '--', ...wanted.argv]];
  const pane = lines(await client.chain(commands))[0];
  if (pane === undefined) throw failure(commands, { stdout: '', stderr: 'no pane', problem: 'failed' });
  await client.chain([
    ['set-option', '-w', '-t', pane, 'remain-on-exit', 'on'],
    ['set-option', '-w', '-t', pane, 'allow-rename', 'off'],
    ['set-option', '-w', '-t', pane, 'automatic-rename', 'off'],
    ['set-option', '-p', '-t', pane, '@swarm_service', wanted.mark],
    ['set-option', '-p', '-t', pane, '@swarm_respawns', '0'],
    ['set-hook', '-p', '-t', pane, 'pane-died', onDeath(pane, wanted.respawns)],
  ]);
  return pane;
}

/** What tmux does when the program ends: nothing more after too many times, so that its last words can be read. */
function onDeath(pane: string, respawns: number): string {
  const at = quoted(pane);
  const again = all(['#{!=:#{pane_dead_status},0}', `#{e|<:#{@swarm_respawns},${respawns}}`]);
  const count = `set-option -p -F -t ${at} @swarm_respawns '#{e|+:#{@swarm_respawns},1}'`;
  const ended = `if-shell -F -t ${at} '#{==:#{pane_dead_status},0}' ${quoted(`kill-pane -t ${at}`)}`;
  return `if-shell -F -t ${at} ${quoted(again)} ${quoted(`${count} ; respawn-pane -t ${at}`)} ${quoted(ended)}`;
}

export interface ServicePane {
  readonly pane: string;
  readonly dead: boolean;
}

/** The panes of the service with this mark: none, or one unless somebody has copied it. */
export async function findService(client: TmuxClient, mark: string): Promise<ServicePane[]> {
  const wanted = `#{==:#{@swarm_service},${mark}}`;
  const result = await client.try([['list-panes', '-a', '-f', wanted, '-F', '#{pane_id}|#{pane_dead}']]);
  if (result.problem !== null) return [];
  return lines(result.stdout).map((line) => {
    const [pane = '', dead] = line.split('|');
    return { pane, dead: dead === '1' };
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
