import { describe, expect, it } from 'vitest';
import { call, refused } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';
import { useTerminal } from './terminal.ts';

const BOT = 'echo approved; exec cat\n';

describe("an agent CLI that is a script of the repository's", () => {
  const world = useWorld({
    files: { 'bot.sh': BOT },
    swarmYaml: `version: 1\nagents: { bot: { command: [sh, bot.sh], ready: approved, paste: line } }\n`,
  });
  const terminal = useTerminal(world);

  it('runs as it was approved; what a branch made of it asks again', async () => {
    await terminal.open();
    expect((await terminal.run('swarm trust --yes')).exitCode).toBe(0);
    await call(world, 'spawn', ['spawn', 'fine', '--agent', 'bot']);
    await world.git(['checkout', '--quiet', '-b', 'evil']);
    world.write('bot.sh', 'echo evil; exec cat\n');
    await world.git(['commit', '--quiet', '--all', '--message', 'Evil']);
    await world.git(['checkout', '--quiet', 'main']);

    const spawned = await call(world, 'spawn', ['spawn', '--branch', 'evil', 'evil', '--agent', 'bot'], { exit: 4 });
    expect(spawned.errors).toMatchObject([
      { code: 'SCRIPT_CHANGED', hint: expect.stringContaining('swarm restart worker-2 --yes') },
    ]);
    expect(spawned.agents).toMatchObject([{ name: 'worker-2', status: 'failed', tmux: { pane: null } }]);
    expect(await refused(world, ['restart', 'worker-2'], 4)).toMatchObject({ code: 'SCRIPT_CHANGED' });
    await call(world, 'revive', ['restart', 'worker-2', '--yes']);
  });
});
