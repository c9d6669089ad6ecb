import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { programRoot } from '../../lib/program.ts';
import { shellWord } from '../../lib/text.ts';
import type { Scratch } from './scratch.ts';
import type { DemoAgent, Kept } from './types.ts';

/** What to type in a shell to look around in what was kept, and to remove it. */
export function lookAround({ repo, dir, stateHome, socket }: Scratch, agents: readonly DemoAgent[]): Kept {
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
    remove: `tmux -L ${socket} kill-server; rm -rf ${shellWord(dir)}`,
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
