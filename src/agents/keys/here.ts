import { existsSync } from 'node:fs';
import { FOLDER } from '../../tmux/conf-lines.ts';
import { type Tmux, tmux } from '../../tmux/tmux.ts';

/** Where in tmux a key was pressed. */
export interface Here {
  readonly tmux: Tmux;
  readonly pane: string;
  /** The repository, or the pane's folder. */
  readonly folder: string;
  /** Id of the window's agent; null in a window that is no agent's. */
  readonly agentId: string | null;
  /** Ids of the agents whose windows are in this session, the one that was looked at last first; without this window. */
  readonly others: readonly string[];
}

/** What tmux says of the pane that the binding named in `TMUX_PANE`; null where there is none. */
export async function whereAmI(env: NodeJS.ProcessEnv): Promise<Here | null> {
  const pane = env['TMUX_PANE'] ?? '';
  const socket = (env['TMUX'] ?? '').replace(/,\d+,\d+$/, '');
  if (!/^%\d+$/.test(pane) || socket === '') return null;
  const to = tmux({ socket, env });
  const { problem, stdout } = await to.try([
    ['display-message', '-p', '-t', pane, `#{pane_id}\n#{@swarm_window}\n${FOLDER}`],
    ['list-windows', '-t', pane, '-F', '#{window_stack_index} #{@swarm_window}'],
  ]);
  const [seen, agentId = '', folder = '', ...windows] = stdout.replace(/\n$/, '').split('\n');
  if (problem !== null || seen !== pane) return null;
  const others = windows
    .map((line) => line.split(' '))
    .filter(([index, id]) => index !== '0' && id !== undefined && id !== '' && id !== agentId)
    .sort(([a], [b]) => Number(a) - Number(b))
    .flatMap(([, id]) => id ?? []);
  return { tmux: to, pane, folder: existsSync(folder) ? folder : '/', agentId: agentId || null, others };
}
