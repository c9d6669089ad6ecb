import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, sharedWorld, spawnOne } from './support.ts';

describe('what is said leads on', () => {
  const world = sharedWorld();

  it('rm: typed as it stands, the hint after a refusal removes the agent', async () => {
    const agent = await spawnOne(world, ['lossy', '--name', 'lossy']);
    const worktree = agent.worktree ?? '';
    writeFileSync(join(worktree, 'committed.txt'), 'x');
    await world.git(['add', '.'], worktree);
    await world.git(['commit', '--quiet', '-m', 'work'], worktree);
    writeFileSync(join(worktree, 'untracked.txt'), 'x');
    const both = 'swarm rm lossy --force --delete-branch';
    for (const agreed of [[], ['--force'], ['--delete-branch']]) {
      const { exitCode, stderr } = await world.swarm(['rm', 'lossy', ...agreed]);
      expect({ exitCode, hint: stderr.trimEnd().split('\n').at(-1) }).toEqual({ exitCode: 4, hint: `→ ${both}` });
    }
    expect(await world.swarm(both.split(' ').slice(1))).toMatchObject({ exitCode: 0 });
  });

  it('attach: an agent that one could not get to has not been looked at', async () => {
    await spawnOne(world, ['unseen', '--name', 'unseen', '-p', 'hello', '--wait']);
    const before = (await call(world, 'status', ['status', 'unseen'])).agent;
    expect(before).toMatchObject({ status: 'idle', unseen: true });
    const elsewhere = { TMUX: `${join(world.dir, 'other')},1,0`, TMUX_PANE: '%0' };
    expect((await world.swarm(['attach', 'unseen'], { env: elsewhere })).exitCode).not.toBe(0);
    expect((await call(world, 'status', ['status', 'unseen'])).agent.unseen).toBe(true);
  });

  it('rename says both names, however the agent was named; exec, what the command was', async () => {
    await spawnOne(world, ['t1', '--name', 'first']);
    expect((await world.swarm(['rename', 't1', 'second'])).stdout).toBe('first is now second\n');
    const hint = async (...words: string[]) => (await world.swarm(['exec', ...words])).stderr.split('\n')[1];
    expect(await hint('second', 'npm', 'test')).toBe('→ swarm exec second -- npm test');
    expect(await hint('second')).toBe('→ swarm exec second -- git status --short');
    expect(await hint()).toBe('→ swarm exec --all -- git status --short');
  });

  it('a star marks only what is news: not an agent that was paused', async () => {
    await spawnOne(world, ['t2', '--name', 'rests', '-p', 'hello', '--wait']);
    const line = async () => (await world.swarm(['ls'])).stdout.split('\n').find((one) => one.startsWith('rests'));
    expect(await line()).toContain('idle*');
    await world.swarm(['pause', 'rests']);
    expect(await line()).toContain('paused ');
  });
});
