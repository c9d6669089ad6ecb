import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { peekRows } from '../../src/store/peek-rows.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

describe('a supervisor among settings that change every default', () => {
  const world = useWorld({ hostile: true });
  afterEach(() => world.swarm(['down']));
  const rows = (query: string) =>
    peekRows<{ state: string; reason: string | null }>(join(world.repo, '.git/swarm'), 'swarm.db', query);
  const deliveries = () => rows('select state, reason from deliveries order by created_at');

  it('watches, is started again, types what waits once, and ends', async () => {
    const script = world.write(
      join(world.dir, 'script.yaml'),
      "on:\n  - { prompt: '^work', do: [{ run: 'until [ -e go ]; do sleep 0.05; done' }] }\n",
    );
    const agent = await spawnOne(world, ['t1', '-p', 'work', '--', '--script', script]);
    const first = (await call(world, 'up', ['up'], { cwd: agent.worktree ?? '' })).supervisor.pid;
    await call(world, 'send', ['send', '1', 'one', '--timeout', '200ms']);
    process.kill(first, 'SIGKILL');
    const again = await waitFor(async (see) => {
      await world.swarm(['ls']);
      const { supervisor } = see(await call(world, 'up', ['up']));
      return supervisor.pid === first ? null : supervisor;
    }, 'the next supervisor');
    world.write(join(agent.worktree ?? '', 'go'), '');
    const both = async (see: (seen: string[]) => string[]) =>
      see(deliveries().map(({ state }) => state)).every((state) => state === 'delivered') ? true : null;
    await waitFor(both, 'delivery');
    expect((await call(world, 'down', ['down'])).supervisor.pid).toBe(again.pid);
    const clients = await world.tmux(['list-clients', '-F', '#{client_pid}']);
    expect(clients.stdout).toBe('');
    const windows = await world.tmux(['list-windows', '-a', '-F', '#{window_name}']);
    expect(windows.stdout.trim()).toBe('worker-1 t1');
  });
});
