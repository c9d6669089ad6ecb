import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { programRoot } from '../../lib/program.ts';
import { shellWord } from '../../lib/text.ts';
import { tmux } from '../../tmux/tmux.ts';
import type { Scratch } from './scratch.ts';
import type { DemoAgent, Kept } from './types.ts';

/** What to type in a shell to look around in what was kept, and to remove it. */
export async function lookAround(scratch: Scratch, agents: readonly DemoAgent[]): Promise<Kept> {
  const { repo, dir, stateHome, socket } = scratch;
  // tmux leaves it behind.
  const file = (await tmux({ socket, env: scratch.env }).run(['display-message', '-p', '#{socket_path}'])).trimEnd();
  const env = { SWARM_STATE_HOME: stateHome, SWARM_TMUX_SOCKET: socket };
  const [first = 'worker-1', second = first, third = first] = agents.map(({ agent }) => agent);
  const settings = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`);
  const entry = join(programRoot(), 'bin', 'run.js');
  // tmux attaches inside another tmux only where it can't see it.
  const outside = process.env['TMUX'] ? 'TMUX= ' : '';
  return {
    repository: repo,
    env,
    commands: [
      `cd ${shellWord(repo)}`,
      `export ${settings.join(' ')}`,
      ...(isOnPath(entry) ? [] : [`alias swarm=${shellWord(entry)}`]),
      'swarm ls',
      `${outside}swarm attach ${first}`,
      `swarm send ${second} "And now?"`,
      `swarm diff ${third}`,
    ],
    // The agents notice the end of their terminals, and write their last lines.
    remove: `tmux -L ${socket} kill-server; sleep 1; rm -rf ${shellWord(dir)} ${shellWord(file)}`,
  };
}

/** Whether `swarm` in the caller's shell is this program. */
function isOnPath(entry: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      return realpathSync(join(folder, 'swarm')) === realpathSync(entry);
    } catch {
      return false;
    }
  });
}
