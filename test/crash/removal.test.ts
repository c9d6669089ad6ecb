import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { useWorld } from '../support/world.ts';
import { audit } from './audit.ts';
import { agents, atWork, crash, expectWhole, forEach, pointsOf, repairWell, rows, SLOW, well } from './support.ts';

const RM = ['rm', '--force', '--delete-branch'];

describe('a removal', () => {
  const world = useWorld();

  it('killed at any step is finished or was never begun, and loses nothing', SLOW, async () => {
    const hooks = 'hooks: { pre_remove: ["true"], post_remove: ["true"] }\n';
    world.write(join(world.home, '.config', 'swarm', 'config.yaml'), hooks);
    await atWork(world, ['whole']);
    await well(world, [...RM, 'worker-1']);
    const points = pointsOf(world, 'rm');
    expect(points).toContain('rm:worktree:effect');

    const team = await atWork(
      world,
      points.map((point) => point.replaceAll(':', '-')),
    );
    const of = (index: number) => team[index] as Agent;
    await forEach(points, String, (point, index) => crash(world, [...RM, of(index).name], point));
    await repairWell(world);
    expect(await audit(world)).toEqual([]);

    const there = new Set((await agents(world)).map(({ name }) => name));
    // Up to the end of its process nothing was decided, from there on there is no way back.
    const stayed = points.filter((_, index) => there.has(of(index).name));
    expect(stayed.map((point) => point.split(':')[1])).toEqual(
      stayed.map((_, index) => (index < 3 ? 'pre_remove' : 'process')),
    );
    const inTrash = new Map(
      rows<{ name: string; path: string }>(world, 'select name, path from removed').map((row) => [row.name, row.path]),
    );
    await forEach(
      team,
      ({ name }) => name,
      async (agent) => {
        const place = there.has(agent.name) ? agent.worktree : (inTrash.get(agent.name) ?? '');
        await expectWhole(world, { ...agent, worktree: place });
      },
    );
    await well(world, [...RM, ...there]);
    expect(team.filter(({ worktree }) => existsSync(worktree ?? ''))).toEqual([]);
    // One for each step: the rest is the same again.
    const some = team.filter((_, index) => points[index]?.endsWith(':effect'));
    await forEach(
      some,
      ({ name }) => name,
      async (agent) => {
        await well(world, ['restore', agent.name]);
        await expectWhole(world, agent);
      },
    );
    expect(await repairWell(world)).toEqual([]);
    expect(await audit(world)).toEqual([]);
  });

  it('and a restore killed at any step are finished, and can be done again', SLOW, async () => {
    await atWork(world, ['whole']);
    await well(world, [...RM, 'worker-1']);
    await well(world, ['restore', 'worker-1']);
    const points = pointsOf(world, 'restore');
    const team = await atWork(
      world,
      points.map((point) => point.replaceAll(':', '-')),
    );
    const ports = new Map((await agents(world)).map((agent) => [agent.name, agent.ports]));
    await well(world, [...RM, ...team.map(({ name }) => name)]);
    await forEach(points, String, (point, index) => crash(world, ['restore', team[index]?.name ?? ''], point));
    await repairWell(world);
    expect(await audit(world)).toEqual([]);
    expect(rows(world, 'select id from removed')).toEqual([]);

    await forEach(
      team,
      ({ name }) => name,
      (agent) => expectWhole(world, agent),
    );
    await well(world, [...RM, ...team.map(({ name }) => name)]);
    const some = team.filter((_, index) => points[index]?.endsWith(':effect'));
    await forEach(
      some,
      ({ name }) => name,
      async (agent) => {
        const back = await well<{ agent: Agent }>(world, ['restore', agent.name]);
        expect(back.agent.ports).toEqual(ports.get(agent.name));
        await expectWhole(world, agent);
      },
    );
    expect(await audit(world)).toEqual([]);
  });
});
