import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/board/tasks/types.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';

const as = (agent: string) => ({ env: { SWARM_AGENT: agent } });
const task = async (world: World, id: string) =>
  (await world.swarm(['task', 'show', id, '--json'])).jsonAs<{ task: Task }>().task;
const add = (world: World, ...words: string[]) => world.swarm(['task', 'add', ...words]);
const claim = (world: World, agent: string, id: string) => world.swarm(['task', 'claim', id], as(agent));

describe('what an agent holds', () => {
  const world = useWorld();

  it('goes back when it was stopped, removed, or has ended', async () => {
    const script = world.write(join(world.dir, 'script.yaml'), 'default: [{ exit: 0 }]\n');
    for (const number of [1, 2, 3]) {
      await spawnOne(world, [`t${number}`, '--', '--script', script]);
      await add(world, `work ${number}`);
      await claim(world, `worker-${number}`, `task-00${number}`);
    }
    await world.swarm(['stop', 'worker-1']);
    await world.swarm(['rm', 'worker-2']);
    expect(await task(world, 'task-001')).toMatchObject({ status: 'available', reason: 'worker-1 was stopped' });
    expect(await task(world, 'task-002')).toMatchObject({ status: 'available', reason: 'worker-2 was removed' });
    expect(await task(world, 'task-003')).toMatchObject({ status: 'claimed', claimedBy: 'worker-3' });
    await call(world, 'up', ['up']);
    await world.swarm(['send', 'worker-3', 'bye']);
    const back = await waitFor(async (see) => {
      const now = see(await task(world, 'task-003'));
      return now.status === 'available' ? now : null;
    }, 'the task of the third');
    expect(back.reason).toBe('worker-3 is exited: process exited with status 0');
  });

  it('stays its own for as long as it shows signs of life', async () => {
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', 'limits: { task_timeout: 4s }\nsupervisor: { heartbeat: 500ms }\n');
    const script = world.write(join(world.dir, 'script.yaml'), 'default: [{ wait: 60s }]\n');
    await spawnOne(world, ['t1', '-p', 'work', '--', '--script', script]);
    await spawnOne(world, ['t2']);
    await call(world, 'up', ['up']);
    for (const number of [1, 2]) await add(world, `work ${number}`);
    for (const number of [1, 2]) await claim(world, `worker-${number}`, `task-00${number}`);
    const claimed = await task(world, 'task-001');
    const back = await waitFor(async (see) => {
      const now = see(await task(world, 'task-002'));
      return now.status === 'available' ? now : null;
    }, 'the task of who rests');
    expect(back.reason).toContain('worker-2 gave no sign of life');
    const kept = await task(world, 'task-001');
    expect(kept).toMatchObject({ status: 'claimed', claimedBy: 'worker-1', attempt: 1 });
    expect(Date.parse(kept.leaseUntil ?? '')).toBeGreaterThan(Date.parse(claimed.leaseUntil ?? ''));
  });
});
