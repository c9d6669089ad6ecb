import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  branchHolder,
  currentBranch,
  defaultBranch,
  isBranchName,
  localBranch,
  resolveBase,
} from '../../src/git/branches.ts';
import { branchesInTheWay, namesakes, remoteBranches } from '../../src/git/namesakes.ts';
import { findRepository } from '../../src/git/repository.ts';
import { refusal, useGround } from './ground.ts';

describe.each([{ hostile: false }, { hostile: true }])('branches, hostile: $hostile', ({ hostile }) => {
  const world = useGround({ hostile });

  test('the default branch: the remote’s HEAD, else a usual name, else what is checked out', async () => {
    const repo = await findRepository(world.repo);
    expect(await defaultBranch(repo)).toBe('main');
    await world.git(['branch', '--move', 'main', 'work']);
    expect(await defaultBranch(repo)).toBe('work');
    await world.git(['branch', 'master']);
    expect(await defaultBranch(repo)).toBe('master');
    await world.git(['clone', '--quiet', '--bare', world.repo, join(world.dir, 'origin.git')]);
    await world.git(['remote', 'add', 'upstream', join(world.dir, 'origin.git')]);
    await world.git(['fetch', '--quiet', 'upstream']);
    await world.git(['remote', 'set-head', 'upstream', 'work']);
    expect(await defaultBranch(repo)).toBe('work');
    await world.git(['checkout', '--quiet', '--detach']);
    expect(await currentBranch(world.repo)).toBeNull();
  });

  test('init.defaultBranch counts where that branch exists', async () => {
    const repo = await findRepository(world.repo);
    await world.git(['config', 'init.defaultBranch', 'develop']);
    expect(await defaultBranch(repo)).toBe('main');
    await world.git(['branch', 'develop']);
    expect(await defaultBranch(repo)).toBe('develop');
  });

  test('a base is a commit under a name that means the same tomorrow', async () => {
    const repo = await findRepository(world.repo);
    const oid = (await world.git(['rev-parse', 'HEAD'])).trim();
    await world.git(['tag', '-m', 'one', 'v1']);
    await world.git(['update-ref', 'refs/remotes/origin/far', oid]);
    expect(await resolveBase(repo, null)).toEqual({ name: 'main', oid });
    expect(await resolveBase(repo, 'main')).toEqual({ name: 'main', oid });
    expect(await resolveBase(repo, 'HEAD')).toEqual({ name: 'main', oid });
    expect(await resolveBase(repo, 'v1')).toEqual({ name: 'v1', oid });
    expect(await resolveBase(repo, 'origin/far')).toEqual({ name: 'origin/far', oid });
    expect(await resolveBase(repo, oid.slice(0, 8))).toEqual({ name: oid, oid });
  });

  test('HEAD is that of the worktree swarm was called from', async () => {
    const linked = join(world.dir, 'linked');
    await world.git(['worktree', 'add', '--quiet', '-b', 'other', linked]);
    await world.git(['commit', '--quiet', '--allow-empty', '-mmore'], linked);
    const oid = (await world.git(['rev-parse', 'HEAD'], linked)).trim();
    expect(await resolveBase(await findRepository(linked), 'HEAD')).toEqual({ name: 'other', oid });
  });

  test('an unknown base names its neighbours; options and empty repositories are refused', async () => {
    const repo = await findRepository(world.repo);
    const error = await refusal(resolveBase(repo, 'mian'));
    expect(error).toMatchObject({ code: 'NO_SUCH_REF', exit: 2, hint: '--base main' });
    expect(error.message).toContain("'mian'");
    expect(await refusal(resolveBase(repo, '--all'))).toMatchObject({ code: 'NO_SUCH_REF' });
    const fresh = join(world.dir, 'fresh');
    await world.git(['init', '--quiet', fresh]);
    expect(await refusal(resolveBase(await findRepository(fresh), null))).toMatchObject({
      code: 'NO_COMMITS',
      exit: 2,
    });
  });

  test('the only copy of the default branch may be the remote’s', async () => {
    const clone = join(world.dir, 'clone');
    await world.git(['branch', 'feature']);
    await world.git(['clone', '--quiet', '-b', 'feature', world.repo, clone]);
    const base = await resolveBase(await findRepository(clone), null);
    expect(base.name).toBe('origin/main');
    const remotes = await remoteBranches(await findRepository(clone), 'main');
    expect(remotes).toEqual([{ remote: 'origin', oid: base.oid }]);
    expect(await localBranch(await findRepository(clone), 'main')).toBeNull();
  });

  test('names are judged by git', async () => {
    const repo = await findRepository(world.repo);
    for (const good of ['ticket-42', 'a/b', 'über', 'émoji-🐝', '1', '_', 'a--', 'FETCH_HEAD', 'refs/heads/a'])
      expect(await isBranchName(repo, good), good).toBe(true);
    for (const bad of ['-x', '--', 'HEAD', '@', '@{-1}', 'a..b', 'a.lock', 'a b', '', 'a/', '.a', 'a~1', 'a:b', '-']) {
      expect(await isBranchName(repo, bad), bad).toBe(false);
    }
  });

  test('a branch stands in the way of those below it, and the other way round', async () => {
    const repo = await findRepository(world.repo);
    await world.git(['branch', 'a/b']);
    expect(await branchesInTheWay(repo, 'a')).toEqual(['a/b']);
    expect(await branchesInTheWay(repo, 'a/b/c')).toEqual(['a/b']);
    expect(await branchesInTheWay(repo, 'a/bc')).toEqual([]);
    expect(await branchesInTheWay(repo, 'a-b')).toEqual([]);
    await world.git(['branch', 'a/c']);
    expect(await namesakes(repo, 'a/b/c')).toEqual({ local: null, remotes: [], inTheWay: ['a/b'] });
  });

  test('a name is looked for here and with every remote, also one with a slash in its own', async () => {
    const repo = await findRepository(world.repo);
    const oid = (await world.git(['rev-parse', 'HEAD'])).trim();
    for (const remote of ['team/fork', 'origin']) {
      await world.git(['remote', 'add', remote, world.repo]);
      await world.git(['update-ref', `refs/remotes/${remote}/a/b`, oid]);
    }
    const both = ['origin', 'team/fork'].map((remote) => ({ remote, oid }));
    expect(await namesakes(repo, 'a/b')).toEqual({ local: null, remotes: both, inTheWay: [] });
    // There is no `b` on a remote `origin/a`.
    expect(await namesakes(repo, 'b')).toEqual({ local: null, remotes: [], inTheWay: [] });
    await world.git(['branch', 'a/b']);
    expect(await namesakes(repo, 'a/b')).toEqual({ local: oid, remotes: both, inTheWay: [] });
  });

  test('a branch is held where it is checked out and where it is being rebased', async () => {
    const repo = await findRepository(world.repo);
    const linked = join(world.dir, 'linked');
    await world.git(['worktree', 'add', '--quiet', '-b', 'topic', linked]);
    expect(await branchHolder(repo, 'main')).toBe(world.repo);
    expect(await branchHolder(repo, 'topic')).toBe(linked);
    expect(await branchHolder(repo, 'free')).toBeNull();
    writeFileSync(join(world.repo, 'README.md'), 'ours\n');
    await world.git(['commit', '--quiet', '-am', 'ours']);
    writeFileSync(join(linked, 'README.md'), 'theirs\n');
    await world.git(['commit', '--quiet', '-am', 'theirs'], linked);
    await world.git(['rebase', 'main'], linked).catch(() => null);
    expect(await currentBranch(linked)).toBeNull();
    expect(await branchHolder(repo, 'topic')).toBe(linked);
  });
});
