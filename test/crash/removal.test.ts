import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { useWorld, type World } from '../support/world.ts';
import { audit } from './audit.ts';
import { agents, crash, forEach, pointsOf, repairWell, rows, SLOW, well } from './support.ts';

const RM = ['rm', '--force', '--delete-branch'];

/** Agents with work of every kind in them: a commit, a changed file and a new one. */
async function atWork(world: World, tickets: readonly string[]): Promise<Agent[]> {
  const made = await well<{ agents: Agent[] }>(world, ['spawn', ...tickets, '--agent', 'shell', '--no-wait']);
  await forEach(
    made.agents,
    ({ name }) => name,
    async ({ name, worktree }) => {
      const dir = worktree ?? '';
      writeFileSync(join(dir, 'done.txt'), name);
      await world.git(['add', 'done.txt'], dir);
      await world.git(['commit', '--quiet', '-m', `Work of ${name}`], dir);
      writeFileSync(join(dir, 'README.md'), `changed by ${name}`);
      writeFileSync(join(dir, 'new.txt'), `new of ${name}`);
    },
  );
  return made.agents;
}

async function expectWhole(world: World, { name, worktree }: Agent): Promise<void> {
  const dir = worktree ?? '';
  const read = (file: string) => readFileSync(join(dir, file), 'utf8');
  expect([read('README.md'), read('new.txt')]).toEqual([`changed by ${name}`, `new of ${name}`]);
  expect(await world.git(['log', '-1', '--format=%s'], dir)).toBe(`Work of ${name}\n`);
  expect(await world.git(['status', '--porcelain'], dir)).toBe(' M README.md\n?? new.txt\n');
}

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
    await forEach(points, String, async (point, index) => {
      const agent = of(index);
      if (there.has(agent.name)) {
        await expectWhole(world, agent);
        await well(world, [...RM, agent.name]);
      } else {
        expect(existsSync(agent.worktree ?? '')).toBe(false);
        await expectWhole(world, { ...agent, worktree: inTrash.get(agent.name) ?? '' });
      }
      // One for each step: the rest is the same again.
      if (!point.endsWith(':effect')) return;
      await well(world, ['restore', agent.name]);
      await expectWhole(world, agent);
    });
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
      async (agent) => {
        await expectWhole(world, agent);
        await well(world, [...RM, agent.name]);
        const back = await well<{ agent: Agent }>(world, ['restore', agent.name]);
        expect(back.agent.ports).toEqual(ports.get(agent.name));
        await expectWhole(world, agent);
      },
    );
    expect(await audit(world)).toEqual([]);
  });
});
