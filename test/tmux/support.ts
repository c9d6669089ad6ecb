import { join } from 'node:path';
import type { SessionRef } from '../../src/tmux/sessions.ts';
import { type Tmux, tmux } from '../../src/tmux/tmux.ts';
import { nodeFolder } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import type { World } from '../support/world.ts';

/** The driver, pointed at the world's own server. */
export function driver(world: World, env: Readonly<Record<string, string>> = {}): Tmux {
  return tmux({ socket: world.socket, env: { ...world.env, ...env } });
}

export function session(world: World, to: Tmux = driver(world)): Promise<SessionRef> {
  return to.ensureSession({ id: 'the-session', name: 'app', cwd: world.repo });
}

/** A window that runs `program` of node -e, with the text of the program as its agent. */
export async function openProgram(world: World, to: Tmux, source: string, agentId = 'a1') {
  return to.newWindow({
    session: await session(world, to),
    name: agentId,
    cwd: world.repo,
    // By this variable its end is awaited before the world's folder goes.
    argv: ['/usr/bin/env', `SWARM_STATE_HOME=${world.env['SWARM_STATE_HOME']}`, join(nodeFolder, 'node'), '-e', source],
    agentId,
  });
}

/** Waits until the pane's screen holds the text. */
export function seen(to: Tmux, pane: string, text: string): Promise<true> {
  return waitFor(
    async (see) => (see(await to.capture(pane)).includes(text) ? true : null),
    `'${text}' on the screen of ${pane}`,
  );
}

/** Waits until the pane's program has ended. */
export function died(to: Tmux, pane: string) {
  return waitFor(async (see) => {
    const facts = see((await to.listAgentPanes()).find((one) => one.pane === pane));
    return facts?.dead ? facts : null;
  }, `the end of ${pane}`);
}
