import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SLOW } from '../crash/support.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

describe('the supervisor at the merge queue', () => {
  const world = useWorld({ files: { 'shared.txt': 'one\n' } });
  const list = () => call(world, 'queue', ['queue', 'list']);
  const gone = () => waitFor(async (see) => (see(await list()).queue.length === 0 ? true : null), 'its turn', 120_000);
  const config = (text: string) => world.write(join(world.home, '.config', 'swarm', 'config.yaml'), text);
  afterEach(() => world.swarm(['down']));

  /** Worker-1 rests with a commit. */
  const atRest = async () => {
    const { worktree } = await spawnOne(world, ['t-1', '--no-wait']);
    writeFileSync(join(worktree ?? '', 'shared.txt'), 'one of a\n');
    await world.git(['commit', '--quiet', '--no-verify', '-am', 'change'], worktree ?? '');
    await world.swarm(['wait', 'worker-1']);
  };

  it('goes on after it was ended while a gate ran', SLOW, async () => {
    const go = join(world.home, 'go');
    const gate = `touch '${go}.runs'; until [ -e '${go}' ]; do sleep 0.05; done`;
    config(`merge: { gate: ${JSON.stringify(gate)} }\n`);
    await atRest();
    await call(world, 'up', ['up']);
    await call(world, 'queue', ['queue', 'add', 'worker-1']);
    await waitFor(() => (existsSync(`${go}.runs`) ? true : null), 'the gate', 60_000);
    await call(world, 'down', ['down']);
    const { queue, paused } = await list();
    expect({ paused, queue }).toMatchObject({ paused: null, queue: [{ state: 'queued', reason: null }] });
    writeFileSync(go, '');
    await call(world, 'up', ['up']);
    await gone();
  });
});
