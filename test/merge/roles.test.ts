import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { unwatched } from './unwatched.ts';

describe('who may bring work home by the command line', () => {
  const world = useWorld();
  const tip = async () => (await world.git(['log', '-1', '--format=%s'])).trim();
  /** In the environment of its own process. */
  const as = ({ name, pid }: Agent) => {
    const [, token = ''] = /\0SWARM_TOKEN=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8')) ?? [];
    return { env: { SWARM_AGENT: name, SWARM_TOKEN: token } };
  };
  async function worked(ticket: string, ...more: readonly string[]): Promise<Agent> {
    const agent = await spawnOne(world, [ticket, ...more, '--no-wait']);
    const at = agent.worktree ?? '';
    world.write(join(at, `${agent.name}.txt`), 'work\n');
    await world.git(['add', '--all'], at);
    await world.git(['commit', '--quiet', '--no-verify', '-m', `Work of ${agent.name}`], at);
    return agent;
  }

  it('is who leads; a worker asks for its own, proposes it, and takes its wish back', async () => {
    const a = await worked('t-1');
    const b = await worked('t-1', '--another');
    const leader = await worked('t-2', '--role', 'leader');
    await unwatched(world);
    const before = await tip();
    const ways = [
      ['merge', a.name, '--keep', '--no-gate'],
      ['merge', b.name, '--keep'],
      ['pick', b.name, '--force', '--delete-branch'],
      ['queue', 'add', a.name],
      ['queue', 'add', b.name, '--into', 'release'],
      ['queue', 'rm', a.name],
      ['queue', 'run'],
      ['queue', 'pause'],
      ['pr', a.name, '--dry-run'],
    ];
    for (const words of ways) {
      const error = await refused(world, words, 4, as(b));
      expect({ words, ...error }).toMatchObject({
        code: 'NOT_A_LEADER',
        hint: expect.stringMatching(/: swarm queue add worker-2$|^swarm queue add worker-2$/),
      });
    }
    expect(await tip()).toBe(before);

    const own = async (words: readonly string[]) =>
      (await call(world, 'queue', ['queue', ...words, b.name], as(b))).queue;
    expect(await own(['add'])).toMatchObject([{ agent: b.name, state: 'requested', keep: true }]);
    expect(await own(['rm'])).toMatchObject([{ state: 'removed' }]);
    const origin = join(world.dir, 'origin.git');
    mkdirSync(origin);
    await world.git(['init', '--quiet', '--bare'], origin);
    await world.git(['remote', 'add', 'origin', origin]);
    await world.git(['push', '--quiet', 'origin', 'main']);
    const status = async (name: string) => (await call(world, 'status', ['status', name])).agent.status;
    for (const { name } of [a, b])
      await waitFor(async (see) => (see(await status(name)) === 'idle' ? true : null), 'rest');
    expect((await call(world, 'pr', ['pr', b.name, '--dry-run'], as(b))).pull).toMatchObject({ state: 'planned' });
    expect((await call(world, 'merge', ['merge', a.name], as(leader))).merge.state).toBe('merged');
  });
});
