import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { peekRows } from '../../src/store/peek-rows.ts';
import type { Result } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { call, refused, spawnOne } from './support.ts';

const STATES = 'select state from deliveries';
const codes = (results: readonly Result[]) => results.map(({ exitCode }) => exitCode).sort();
const codeOf = (result: Result | undefined) => result?.jsonAs<{ error?: { code: string } }>().error?.code;

describe('two swarms at one agent', () => {
  const world = useWorld();

  it('rm and rm: one removes it, the other is told', async () => {
    await spawnOne(world, ['t1']);
    const results = await Promise.all([1, 2].map(() => world.swarm(['rm', 'worker-1', '--json'])));
    expect(codes(results)).toEqual([0, 3]);
    expect(codeOf(results.find(({ exitCode }) => exitCode === 3))).toBe('NO_SUCH_AGENT');
    expect((await world.swarm(['repair'])).stdout).toBe('Nothing to repair.\n');
    const restored = await Promise.all([1, 2].map(() => world.swarm(['restore', 'worker-1', '--json'])));
    expect(codes(restored)[0]).toBe(0);
    expect([3, 4]).toContain(codes(restored)[1]);
    expect((await call(world, 'status', ['status', 'worker-1'])).agent.status).toBe('paused');
  });

  it('resume and resume: one window', async () => {
    await spawnOne(world, ['t1', '-p', 'hello']);
    await call(world, 'status', ['pause', '1']);
    const results = await Promise.all([1, 2].map(() => world.swarm(['resume', '1', '--json'])));
    expect(codes(results)).toEqual([0, 4]);
    expect(codeOf(results.find(({ exitCode }) => exitCode === 4))).toBe('RUNNING_ALREADY');
    const marks = await world.tmux(['list-panes', '-a', '-F', '#{@swarm_agent}']);
    expect(marks.stdout.split('\n').filter((mark) => mark !== '')).toHaveLength(1);
  });

  it('rm, pause and restart while it is made: refused in words, and the spawn comes to its end', async () => {
    const go = join(world.dir, 'go');
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', `hooks: { post_create: ['until [ -e "${go}" ]; do sleep 0.05; done'] }\n`);
    const spawning = world.start(['spawn', 't1', '--agent', 'scripted', '--json']);
    await waitFor(async () => ((await world.swarm(['path', '1'])).exitCode === 0 ? true : null), 'its worktree');
    for (const verb of ['rm', 'restart', 'rename']) {
      const error = await refused(world, [verb, 'worker-1', ...(verb === 'rename' ? ['other'] : [])], 4);
      expect(error).toMatchObject({ code: 'AGENT_BUSY', details: { operation: 'spawn' } });
      expect(error.message).toContain('(spawn)');
    }
    world.write(go, '');
    expect((await spawning.result).exitCode).toBe(0);
    await call(world, 'status', ['rename', 'worker-1', 'other']);
  });

  it('pause lets a prompt through that is being typed', async () => {
    // Reads 100 ms for each kB.
    const { worktree } = await spawnOne(world, ['t1', '--', '--slow', '100', '--log', 'log']);
    await world.swarm(['wait', '1']);
    const text = world.write(join(world.dir, 'long.txt'), `begin ${'word '.repeat(5000)}end`);
    const sending = world.start(['send', '1', '-f', text, '--json']);
    const states = () => peekRows<{ state: string }>(join(world.repo, '.git/swarm'), 'swarm.db', STATES);
    await waitFor(async (see) => (see(states()).some(({ state }) => state === 'pasting') ? true : null), 'the paste');
    const paused = await world.swarm(['pause', '1', '--json']);
    const sent = (await sending.result).jsonAs<{ deliveries: { state: string }[] }>();
    expect({ paused: paused.exitCode, sent: sent.deliveries.map(({ state }) => state) }).toEqual({
      paused: 0,
      sent: ['delivered'],
    });
    expect(readFileSync(join(worktree ?? '', 'log'), 'utf8')).toContain('word end');
  });

  it('adopt and adopt: one agent', async () => {
    const folder = join(world.dir, 'mine');
    await world.git(['worktree', 'add', '--quiet', '-b', 'mine', folder]);
    const words = ['adopt', folder, '--agent', 'shell', '--json'];
    const results = await Promise.all([1, 2].map(() => world.swarm(words)));
    expect(codes(results)).toEqual([0, 4]);
    expect(codeOf(results.find(({ exitCode }) => exitCode === 4))).toBe('ADOPTED_ALREADY');
    expect((await call(world, 'ls', ['ls'])).agents).toHaveLength(1);
  });
});

describe('names of agents', () => {
  const world = useWorld();

  it('that somebody else was given are passed over, and a number is that of the name', async () => {
    await spawnOne(world, ['t1']);
    await call(world, 'status', ['rename', '1', 'worker-2']);
    expect((await spawnOne(world, ['t2'])).name).toBe('worker-3');
    expect((await call(world, 'status', ['status', '2'])).agent.name).toBe('worker-2');
    await refused(world, ['status', '1'], 3);
    // Its process still reports under its former name.
    await call(world, 'status', ['rename', '3', 'worker-4']);
    await call(world, 'status', ['rename', 'worker-4', 'api']);
    expect((await spawnOne(world, ['t3'])).name).toBe('worker-5');
  });
});
