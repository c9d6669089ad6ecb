import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { moveBranch } from '../../src/git/move-branch.ts';
import { findRepository } from '../../src/git/repository.ts';
import { useGround } from './ground.ts';

const world = useGround({ files: { 'a.txt': 'a\n' } });
const oid = async (ref: string) => (await world.git(['rev-parse', ref])).trim();
const move = async (branch: string) => {
  const [from, to] = [await oid('main'), await oid('topic')];
  return moveBranch(await findRepository(world.repo), { branch, from, to, reason: 'test', operation: 'op' });
};

describe('moving a branch', () => {
  beforeEach(async () => {
    await world.git(['checkout', '--quiet', '-b', 'topic']);
    writeFileSync(join(world.repo, 'a.txt'), 'topic\n');
    await world.git(['commit', '--quiet', '--no-verify', '-am', 'topic']);
    await world.git(['checkout', '--quiet', 'main']);
    await world.git(['branch', 'release']);
  });

  it('is refused where two worktrees have it checked out, and names them', async () => {
    const second = join(world.dir, 'second');
    await world.git(['worktree', 'add', '--quiet', '--force', second, 'main']);
    const before = await oid('main');
    const moved = await move('main');
    expect(moved).toMatchObject({ state: 'refused', files: [] });
    expect(moved).toHaveProperty('reason', expect.stringContaining(`${world.repo} and ${second}`));
    expect(await oid('main')).toBe(before);
    for (const at of [world.repo, second]) expect(await world.git(['status', '--porcelain'], at)).toBe('');
    await world.git(['checkout', '--quiet', '--detach'], second);
    expect(await move('main')).toEqual({ state: 'moved' });
  });

  it('counts as a race only when the branch has moved; else it says what git said', async () => {
    const lock = world.write('.git/refs/heads/release.lock', '');
    const moved = await move('release');
    expect(moved).toMatchObject({ state: 'refused', reason: expect.stringContaining('release.lock') });
    rmSync(lock);
    await world.git(['branch', '--force', 'release', await oid('topic')]);
    expect(await move('release')).toEqual({ state: 'raced' });
    await world.git(['branch', '--quiet', '-D', 'release']);
    expect(await move('release')).toEqual({ state: 'raced' });
    await world.git(['branch', 'release', 'main']);
    expect(await move('release')).toEqual({ state: 'moved' });
  });
});
