import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { call, refused, shows, spawnOne } from '../e2e/support.ts';
import { useTerminal } from '../odds/terminal.ts';
import { useWorld } from '../support/world.ts';

const SCRIPT = 'on:\n  - { prompt: long, do: [{ ask: npm test }, { say: Through. }] }\n';

/** Milliseconds in which a supervisor would have typed or answered: several of its looks. */
const UNTOUCHED = 1500;

describe('an agent that a person has taken over', () => {
  const world = useWorld();
  const terminal = useTerminal(world);
  afterEach(() => world.swarm(['down']));

  it('gets nothing that waits and no answer by rule, until it is handed back', async () => {
    const script = world.write(join(world.dir, 'script.yaml'), SCRIPT);
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', 'approvals: { allow: [npm test] }\n');
    await spawnOne(world, ['t1', '--', '--script', script]);
    expect(await refused(world, ['attach', '1', '--hand-back'], 4)).toMatchObject({ code: 'NOT_TAKEN_OVER' });
    await world.swarm(['up']);
    await terminal.open();
    await terminal.type('swarm attach 1 --take');
    await terminal.shows(/❯/);
    await call(world, 'send', ['send', '1', 'long']);
    await shows(world, '1', 'Do you want to proceed?');
    const { deliveries } = await call(world, 'send', ['send', '1', 'later', '--timeout', '100ms']);
    expect(deliveries).toMatchObject([{ state: 'queued' }]);
    await delay(UNTOUCHED);
    await world.swarm(['approve', '1', '1']);
    await shows(world, '1', 'Through.');
    await delay(UNTOUCHED);
    expect((await world.swarm(['capture', '1'])).stdout).not.toContain('later');
    expect((await call(world, 'ls', ['ls'])).agents).toMatchObject([{ takenOver: true }]);
    expect((await world.swarm(['ls'])).stdout).toContain('worker-1 is yours until you hand it back');
    expect((await world.swarm(['attach', '1', '--hand-back'])).stdout).toBe('worker-1 is handed back\n');
    await shows(world, '1', 'later');
    const { stdout } = await world.swarm(['log', '--type', 'taken-over,handed-back']);
    expect(stdout).toMatch(/taken-over[\s\S]*handed-back/);
  });
});
