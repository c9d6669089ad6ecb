import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent, Delivery } from '../../src/agents/types.ts';
import { useWorld } from '../support/world.ts';
import { audit } from './audit.ts';
import { agents, crash, forEach, pointsOf, repairWell, SLOW, stateOf, well } from './support.ts';

describe('a rename killed at any step', () => {
  const world = useWorld();

  it('is finished: folder, prompts, reports and window follow', SLOW, async () => {
    await well(world, ['spawn', 'whole', '--agent', 'scripted', '-p', 'Hello']);
    await well(world, ['rename', 'worker-1', 'whole']);
    const points = pointsOf(world, 'rename');
    const name = (point: string) => point.replaceAll(':', '-');
    const made = ['spawn', ...points.map(name), '--agent', 'scripted', '-p', 'Hello', '--no-wait'];
    const team = new Map((await well<{ agents: Agent[] }>(world, made)).agents.map((agent) => [agent.ticket, agent]));
    const old = (point: string) => team.get(name(point))?.name ?? '';
    await forEach(points, String, (point) => crash(world, ['rename', old(point), name(point)], point));
    await repairWell(world);
    const folder = (agent: string) => join(stateOf(world), 'agents', agent);
    const { stdout: windows } = await world.tmux(['list-windows', '-a', '-F', '#{window_name}']);
    for (const point of points) {
      expect(readFileSync(join(folder(name(point)), 'prompts', 'first.txt'), 'utf8')).toBe('Hello');
      expect(lstatSync(folder(name(point))).isDirectory()).toBe(true);
      // Its process reports under the name that it knows.
      expect(lstatSync(folder(old(point))).isSymbolicLink()).toBe(true);
      expect(windows).toContain(`${name(point)} ${name(point)}\n`);
    }
    await well(world, ['wait', ...points.map(name), '--timeout', '60s']);
    const { deliveries } = await well<{ deliveries: Delivery[] }>(world, ['send', ...points.map(name), 'More']);
    expect(deliveries.map(({ evidence }) => evidence)).toEqual(points.map(() => 'hook'));
    await forEach(points, String, (point) => well(world, ['rename', name(point), old(point)]));
    await well(world, ['send', ...points.map(old), 'And more']);
    expect(await audit(world)).toEqual([]);
    expect(await repairWell(world)).toEqual([]);
  });

  it('keeps a name until no process reports under it any more', async () => {
    await well(world, ['spawn', 'a', '--agent', 'scripted', '--name', 'one']);
    await well(world, ['rename', 'one', 'two']);
    await well(world, ['spawn', 'b', '--agent', 'scripted']);
    const refused = await world.swarm(['rename', 'worker-1', 'one']);
    expect([refused.exitCode, refused.stderr]).toEqual([4, expect.stringContaining('swarm restart two')]);
    await well(world, ['restart', 'two']);
    await well(world, ['rename', 'worker-1', 'one']);
    await well(world, ['rename', 'two', 'three']);
    await well(world, ['rm', 'three']);
    await well(world, ['spawn', 'c', '--agent', 'scripted', '--name', 'two']);
    await well(world, ['restart', 'one']);
    expect(await audit(world)).toEqual([]);
  });
});

describe('an adoption killed at any step', () => {
  const world = useWorld();
  /** A worktree and branch of a person's own, with work in it. */
  const worktree = async (name: string) => {
    const path = join(world.dir, 'mine', name);
    await world.git(['worktree', 'add', '--quiet', '-b', name, path]);
    writeFileSync(join(path, 'mine.txt'), name);
    return path;
  };

  it.each(['worktree', 'pane'])(
    'of a %s is finished or undone, and takes nothing from the person',
    SLOW,
    async (what) => {
      const place = async (name: string): Promise<{ name: string; path: string; word: string }> => {
        const path = await worktree(name);
        if (what === 'worktree') return { name, path, word: path };
        const open = ['new-session', '-d', '-P', '-F', '#{pane_id}', '-s', name, '-c', path, '/bin/sh', '-i'];
        return { name, path, word: (await world.tmux(open)).stdout.trim() };
      };
      const adopt = (word: string) => ['adopt', word, '--agent', 'shell'];
      await well(world, adopt((await place('whole')).word));
      const points = pointsOf(world, 'adopt');
      const places = new Map<string, Awaited<ReturnType<typeof place>>>();
      for (const point of points) places.set(point, await place(point.replaceAll(':', '-')));
      const at = (point: string) => places.get(point) ?? { name: '', path: '', word: '' };
      await forEach(points, String, (point) => crash(world, adopt(at(point).word), point));
      await repairWell(world);

      const there = new Map((await agents(world)).map((agent) => [agent.branch, agent]));
      await forEach(points, String, async (point) => {
        const { name, path, word } = at(point);
        expect(readFileSync(join(path, 'mine.txt'), 'utf8')).toBe(name);
        const agent = there.get(name) ?? (await well<{ agent: Agent }>(world, adopt(word))).agent;
        expect(agent).toMatchObject({ branch: name, worktree: path, pid: expect.any(Number) });
        expect((await world.swarm(['capture', agent.name])).exitCode).toBe(0);
      });
      expect(await audit(world)).toEqual([]);
      expect(await repairWell(world)).toEqual([]);
    },
  );
});
