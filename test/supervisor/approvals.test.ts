import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { shows, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

const SCRIPT = `
on:
  - { prompt: test, do: [{ ask: npm test }, { say: It ran. }] }
  - { prompt: push, do: [{ ask: git push }, { say: Pushed. }] }
`;

describe('approvals by the supervisor', () => {
  const world = useWorld();
  afterEach(() => world.swarm(['down']));

  it('answer what a rule allows without calling anybody, and call for the rest', async () => {
    const script = world.write(join(world.dir, 'script.yaml'), SCRIPT);
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    const called = join(world.dir, 'called');
    world.write(
      'swarm.local.yaml',
      `approvals: { allow: [npm test] }\nhooks: { on_waiting: ['echo "$SWARM_REASON" >> "$SWARM_REPO/../called"'] }\n`,
    );
    await spawnOne(world, ['t1', '--', '--script', script]);
    await world.swarm(['up']);
    await world.swarm(['send', '1', 'test']);
    await shows(world, '1', 'It ran.');
    await world.swarm(['send', '1', 'push']);
    await waitFor(async () => (existsSync(called) ? true : null), 'the call');
    await waitFor(async (see) => (see(readFileSync(called, 'utf8')).endsWith('\n') ? true : null), 'its words');
    expect(readFileSync(called, 'utf8')).toBe('approve command: git push\n');
  });
});
