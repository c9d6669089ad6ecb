import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PortLease } from '../../src/workspace/port-leases.ts';
import { useWorld } from '../support/world.ts';
import { refused, spawnOne } from './support.ts';

describe('a store that is not there yet', () => {
  const url = 'postgres://localhost/swarm';
  const world = useWorld();

  it.each([
    ['swarm.local.yaml', { yaml: `store: ${url}\n`, env: {}, exitCode: 2 }],
    ['SWARM_DATABASE_URL', { yaml: '', env: { SWARM_DATABASE_URL: url }, exitCode: 2 }],
    ["an app's own DATABASE_URL", { yaml: '', env: { DATABASE_URL: url }, exitCode: 0 }],
  ])('%s', async (_name, { yaml, env, exitCode }) => {
    await world.write('swarm.local.yaml', yaml);
    const listed = await world.swarm(['ls', '--json'], { env });
    expect(listed.exitCode).toBe(exitCode);
    expect(listed.stdout.includes('NOT_IN_THIS_VERSION')).toBe(exitCode === 2);
  });
});

describe("the user's own database", () => {
  const world = useWorld();

  it('is said to be damaged, and when it is new the agents have their ports still', async () => {
    const { ports } = await spawnOne(world, ['t1']);
    const state = world.env['SWARM_STATE_HOME'] ?? '';
    for (const end of ['-wal', '-shm']) rmSync(join(state, `user.db${end}`), { force: true });
    writeFileSync(join(state, 'user.db'), 'no database '.repeat(2000));
    const { message, hint } = await refused(world, ['spawn', '--agent', 'scripted', 't2'], 1);
    expect(message).toContain('user.db is damaged');
    expect(hint).toContain(`mv ${join(state, 'user.db')}`);
    rmSync(join(state, 'user.db'));
    const other = await spawnOne(world, ['t3']);
    expect(Object.values(other.ports)).not.toContain(ports['PORT']);
    const held = (await world.swarm(['ports', '--json']))
      .jsonAs<{ ports: PortLease[] }>()
      .ports.map(({ port, agent }) => `${agent} ${port}`);
    expect(held.sort()).toEqual([`worker-1 ${ports['PORT']}`, `${other.name} ${other.ports['PORT']}`].sort());
  });
});
