import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeScratchWorktree, withScratchWorktree } from '../../src/git/merge-commit.ts';
import { findRepository } from '../../src/git/repository.ts';
import { refusal, useGround } from './ground.ts';

const world = useGround({ files: { 'a.txt': 'a\n' } });
const scratch = () => join(world.dir, '.merge-1');
const admins = () => {
  const dir = join(world.repo, '.git', 'worktrees');
  return existsSync(dir) ? readdirSync(dir) : [];
};
const head = async () => (await world.git(['rev-parse', 'HEAD'])).trim();
const hook = (text: string) => chmodSync(world.write('.git/hooks/post-checkout', `#!/bin/sh\n${text}\n`), 0o755);

describe('a scratch worktree', () => {
  it('goes without a trace, and takes no worktree of a person’s along whose disk is away', async () => {
    const repo = await findRepository(world.repo);
    const theirs = join(world.dir, 'stick');
    await world.git(['worktree', 'add', '--quiet', '--detach', theirs]);
    writeFileSync(join(theirs, 'a.txt'), 'staged\n');
    await world.git(['add', 'a.txt'], theirs);
    renameSync(theirs, `${theirs}.away`);
    const seen = await withScratchWorktree(repo, scratch(), await head(), 'op', async ({ dir }) =>
      readFileSync(join(dir, 'a.txt'), 'utf8'),
    );
    expect(seen).toBe('a\n');
    expect(existsSync(scratch())).toBe(false);
    expect(admins()).toEqual(['stick']);
    // As a repair takes away what was left, also where only the folder or only git's own is there.
    for (const kept of ['folder', 'admin']) {
      await world.git(['worktree', 'add', '--quiet', '--detach', scratch()]);
      if (kept === 'admin') renameSync(scratch(), `${scratch()}-moved`);
      await removeScratchWorktree(repo, scratch(), 'op');
      expect([existsSync(scratch()), admins()]).toEqual([false, ['stick']]);
    }
    renameSync(`${theirs}.away`, theirs);
    expect(await world.git(['status', '--porcelain'], theirs)).toBe('M  a.txt\n');
  });

  it('is taken away by a repair also when git was killed before it wrote where it lies', async () => {
    const repo = await findRepository(world.repo);
    mkdirSync(join(world.repo, '.git', 'worktrees', '-merge-1'), { recursive: true });
    writeFileSync(join(world.repo, '.git', 'worktrees', '-merge-1', 'locked'), 'swarm: initializing op');
    await removeScratchWorktree(repo, scratch(), 'another');
    expect(admins()).toEqual(['-merge-1']);
    await removeScratchWorktree(repo, scratch(), 'op');
    expect(admins()).toEqual([]);
  });

  it('runs no hook of the user’s', async () => {
    hook(`touch '${join(world.dir, 'ran')}'; exit 1`);
    const repo = await findRepository(world.repo);
    expect(await withScratchWorktree(repo, scratch(), await head(), 'op', async () => 'used')).toBe('used');
    expect(existsSync(join(world.dir, 'ran'))).toBe(false);
  });

  it('leaves nothing behind where git can’t check it out whole', async () => {
    world.write('.gitattributes', '*.txt filter=broken\n');
    await world.git(['add', '.gitattributes']);
    await world.git(['commit', '--quiet', '-m', 'filter']);
    await world.git(['config', 'filter.broken.smudge', 'false']);
    await world.git(['config', 'filter.broken.required', 'true']);
    const repo = await findRepository(world.repo);
    const tried = withScratchWorktree(repo, scratch(), await head(), 'op', async () => 'used');
    expect(await refusal(tried)).toMatchObject({ code: 'GIT_FAILED' });
    expect([existsSync(scratch()), admins()]).toEqual([false, []]);
  });
});
