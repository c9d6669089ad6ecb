import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, sharedWorld, spawnOne } from './support.ts';

const LOOKS = 30;
const COMMITS = 60;

describe("an agent's worktree", () => {
  const world = sharedWorld({ files: { 'a.txt': 'one\n' } });
  let worktree = '';

  it('keeps its staged files and its merge through thirty looks', async () => {
    const agent = await spawnOne(world, ['t1']);
    worktree = agent.worktree ?? '';
    await world.git(['switch', '--quiet', '--create', 'theirs'], worktree);
    writeFileSync(join(worktree, 'a.txt'), 'theirs\n');
    await world.git(['commit', '--quiet', '--all', '--message', 'theirs'], worktree);
    await world.git(['switch', '--quiet', 't1'], worktree);
    writeFileSync(join(worktree, 'a.txt'), 'mine\n');
    writeFileSync(join(worktree, 'staged.txt'), 'staged\n');
    await world.git(['commit', '--quiet', '--all', '--message', 'mine'], worktree);
    await expect(world.git(['merge', 'theirs'], worktree)).rejects.toThrow('ended with 1');
    await world.git(['add', 'staged.txt'], worktree);
    writeFileSync(join(worktree, 'untracked.txt'), 'untracked\n');
    const gitDir = (await world.git(['rev-parse', '--absolute-git-dir'], worktree)).trim();
    const state = async () => ({
      index: readFileSync(join(gitDir, 'index')).toString('hex'),
      merge: readFileSync(join(gitDir, 'MERGE_HEAD'), 'utf8'),
      status: await world.git(['--no-optional-locks', 'status', '--porcelain=v2'], worktree),
      objects: await world.git(['count-objects']),
    });
    const before = await state();
    const looks = ['ls', 'status', 'diff'].map((command) => [command, ...(command === 'ls' ? [] : ['worker-1'])]);
    for (let done = 0; done < LOOKS; done += 6) {
      const batch = Array.from({ length: 6 }, (_, index) => world.swarm(looks[(done + index) % 3] ?? []));
      expect((await Promise.all(batch)).map(({ exitCode }) => exitCode)).toEqual(Array(6).fill(0));
    }
    expect(await state()).toEqual(before);
    expect((await world.swarm(['diff', '1', '--name-only'])).stdout).toContain('untracked.txt');
    await world.git(['merge', '--abort'], worktree);
  });

  it('never finds its index locked while others look', async () => {
    let committing = true;
    const looking = [0, 1].map(async () => {
      for (let looks = 0; ; looks++) {
        if (!committing) return looks;
        expect((await world.swarm(['ls', '--json'])).exitCode).toBe(0);
      }
    });
    const failed: string[] = [];
    for (let number = 0; number < COMMITS; number++) {
      writeFileSync(join(worktree, 'a.txt'), `${number}\n`);
      await world
        .git(['commit', '--quiet', '--all', '--message', `commit ${number}`], worktree)
        .catch((error: Error) => failed.push(error.message));
    }
    committing = false;
    expect(Math.min(...(await Promise.all(looking)))).toBeGreaterThan(0);
    expect(failed).toEqual([]);
    expect(existsSync(join(worktree, '.git'))).toBe(true);
  });

  it('and its status are not overwritten by who looked a moment ago', async () => {
    let going = true;
    const looking = async () => {
      while (going) expect((await world.swarm(['ls', '--json'])).stderr).toBe('');
    };
    const looks = [looking(), looking()];
    for (let round = 0; round < 2; round++) {
      await call(world, 'status', ['pause', 'worker-1']);
      expect((await call(world, 'status', ['status', 'worker-1'])).agent).toMatchObject({
        status: 'paused',
        pid: null,
      });
      await call(world, 'revive', ['resume', 'worker-1']);
    }
    await call(world, 'status', ['pause', 'worker-1']);
    going = false;
    await Promise.all(looks);
    expect((await call(world, 'ls', ['ls'])).agents).toMatchObject([{ status: 'paused', tmux: { window: null } }]);
  });
});
