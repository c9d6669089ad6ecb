import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { backUp } from '../../src/store/backups.ts';
import { spawnOne } from '../e2e/support.ts';
import { useTerminal } from '../odds/terminal.ts';
import { useWorld } from '../support/world.ts';

describe('what swarm warns of while the live view has the terminal', () => {
  const world = useWorld();
  const terminal = useTerminal(world);

  it('is shown in the view, which stays whole, and again on the screen that comes back', async () => {
    await spawnOne(world, ['t1', '-p', 'hello']);
    await world.swarm(['wait', '1']);
    // Else that might be who finds the damage.
    await world.swarm(['down']);
    const state = join(world.repo, '.git/swarm');
    await backUp(state);
    await terminal.open({ columns: 160, rows: 32 });
    await terminal.type('swarm tui; echo "left"$?');
    await terminal.shows(/↵ attach/);
    await terminal.shows(/^ swarm {2}app/m);
    const file = join(state, 'swarm.db');
    const handle = openSync(file, 'r+');
    writeSync(handle, 'garbage '.repeat(Math.ceil(statSync(file).size / 8)));
    closeSync(handle);
    await terminal.keys('b');
    await terminal.shows(/^ swarm {2}app[\s\S]*✗ (?:the session's|The) database was damaged,? /);
    await terminal.keys('q', 'q');
    await terminal.shows(/was damaged; it is back as of [\s\S]*left0/);
  });
});
