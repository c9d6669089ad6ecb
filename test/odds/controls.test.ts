import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spawnOne } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';
import { useTerminal } from './terminal.ts';

/** Sets the terminal's title, clears its screen, rings. */
const HOSTILE = '\u001b]0;owned\u0007\u001b[2J\u0007';

describe("what others wrote on a person's terminal", () => {
  const world = useWorld();
  const terminal = useTerminal(world);

  it('takes no effect: file contents, commit subjects, tickets and branches of agents', async () => {
    const { worktree } = await spawnOne(world, [`t${HOSTILE}1`]);
    const folder = worktree ?? '';
    world.write(join(folder, `evil${HOSTILE}.txt`), `before${HOSTILE}after\n`);
    await world.git(['add', '--all'], folder);
    await world.git(['commit', '--quiet', '-m', `Subject${HOSTILE}\u001b[8mhidden`], folder);

    for (const words of [['ls'], ['status', '1'], ['status', '1', '--explain'], ['spawn', 'other', '--dry-run']]) {
      const { stdout, stderr } = await world.swarm(words);
      expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
    }
    // A pipe gets every byte: it may be a patch.
    expect((await world.swarm(['diff', '1'])).stdout).toContain(`+before${HOSTILE}after`);

    await terminal.open();
    const diff = await terminal.run('swarm diff 1');
    expect(diff.screen).toContain('+before^[]0;owned^G^[[2J^Gafter');
    const status = await terminal.run('swarm status 1');
    expect(status.screen).toContain('Subjecthidden');
    expect(status.screen).toContain('+before^[');
  });
});
