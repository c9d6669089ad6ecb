import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lossesOf } from '../../src/git/losses.ts';
import { findRepository } from '../../src/git/repository.ts';
import { useGround } from './ground.ts';

describe.each([{ hostile: false }, { hostile: true }])('lossesOf, hostile: $hostile', ({ hostile }) => {
  const world = useGround({ hostile, files: { 'a.txt': '1\n2\n3\n4\n5\n6\n7\n8\n9\n', '.gitignore': '*.log\n' } });
  let wt = '';
  beforeEach(async () => {
    wt = join(world.dir, 'wt');
    await world.git(['worktree', 'add', '--quiet', '-b', 'topic', wt]);
  });
  const losses = async (more: { branch?: string | null; targets?: string[]; worktree?: string | null } = {}) =>
    lossesOf({ repo: await findRepository(world.repo), worktree: wt, branch: 'topic', targets: ['main'], ...more });
  const commit = async (text: string, cwd = wt, file = 'a.txt') => {
    writeFileSync(join(cwd, file), text);
    await world.git(['add', file], cwd);
    await world.git(['commit', '--quiet', '--no-verify', '-m', `write ${text.split('\n')[0]}`], cwd);
  };
  const subjects = async () => (await losses()).unmerged.map(({ subject }) => subject);
  const oid = async (ref: string, cwd = world.repo) => (await world.git(['rev-parse', ref], cwd)).trim();

  test('a fresh worktree loses nothing; ignored files don’t count', async () => {
    writeFileSync(join(wt, 'x.log'), 'x\n');
    expect(await losses()).toEqual({
      dirty: [],
      untracked: [],
      unmerged: [],
      otherBranch: null,
      detached: [],
      operation: null,
      locked: null,
      submodules: [],
      unpushed: [],
      tip: await oid('topic'),
    });
  });

  test('changed, staged, removed and new files are named, also where git is told to hide them', async () => {
    writeFileSync(join(wt, 'a.txt'), 'changed\n');
    writeFileSync(join(wt, 'staged one.txt'), 'x\n');
    await world.git(['add', 'staged one.txt'], wt);
    rmSync(join(wt, 'README.md'));
    mkdirSync(join(wt, 'new'));
    writeFileSync(join(wt, 'new', 'über.txt'), 'x\n');
    await world.git(['config', 'status.showUntrackedFiles', 'no']);
    expect(await losses()).toMatchObject({
      dirty: ['README.md', 'a.txt', 'staged one.txt'],
      untracked: ['new/über.txt'],
    });
  });

  test('copies of and links to the main worktree’s files are no loss until they differ', async () => {
    world.write('.env', 'A=1\n');
    world.write('deps/x', 'x\n');
    writeFileSync(join(wt, '.env'), 'A=1\n');
    symlinkSync(join(world.repo, 'deps'), join(wt, 'deps'));
    expect((await losses()).untracked).toEqual([]);
    writeFileSync(join(wt, '.env'), 'A=2\n');
    expect((await losses()).untracked).toEqual(['.env']);
  });

  test('commits are unmerged until a target or a remote has them', async () => {
    await commit('one\n');
    await commit('two\n');
    expect(await subjects()).toEqual(['write two', 'write one']);
    await world.git(['update-ref', 'refs/remotes/origin/topic', 'topic~1']);
    expect(await subjects()).toEqual(['write two']);
    await world.git(['update-ref', '-d', 'refs/remotes/origin/topic']);
    await world.git(['branch', 'release', 'topic']);
    expect((await losses({ targets: ['release'] })).unmerged).toEqual([]);
    await world.git(['merge', '--quiet', '--no-ff', '--no-verify', '-m', 'merge', 'topic']);
    expect(await subjects()).toEqual([]);
  });

  test('squashed, also with later work on the target', async () => {
    await commit('1 one\n2\n3\n4\n5\n6\n7\n8\n9\n');
    await commit('1 one\n2 two\n3\n4\n5\n6\n7\n8\n9\n');
    await world.git(['merge', '--quiet', '--squash', '--ff', 'topic']);
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'squash']);
    expect(await subjects()).toEqual([]);
    await commit('1 one\n2 two\n3\n4\n5\n6\n7\n8\n9 nine\n', world.repo);
    expect(await subjects()).toEqual([]);
    await commit('1 other\n2 two\n3\n4\n5\n6\n7\n8\n9 nine\n', world.repo);
    expect(await subjects()).toEqual([]);
    await commit('1 one\n2 two\n3 three\n4\n5\n6\n7\n8\n9\n');
    expect(await subjects()).not.toEqual([]);
  });

  test('rebased and cherry-picked commits are found by content; the rest is named', async () => {
    await commit('first\n', wt, 'b.txt');
    await commit('second\n', wt, 'c.txt');
    await commit('on main\n', world.repo, 'd.txt');
    await world.git(['cherry-pick', 'topic~1']);
    expect(await subjects()).toEqual(['write second']);
    await world.git(['cherry-pick', 'topic']);
    expect(await subjects()).toEqual([]);
  });

  test('what differs in white space or in the bytes of an odd encoding is not merged', async () => {
    const latin = (byte: number) => Buffer.from([0x63, byte, 0x0a]);
    const change = async (cwd: string, text: string, byte: number) => {
      writeFileSync(join(cwd, 'l.txt'), latin(byte));
      await world.git(['add', 'l.txt'], cwd);
      await commit(text, cwd);
    };
    await change(wt, '1\n2\n3\n    c()\n4\n5\n6\n7\n8\n9\n', 0xe4);
    await change(world.repo, '1\n2\n3\n        c()\n4\n5\n6\n7\n8\n9\n', 0xe4);
    expect(await subjects()).toEqual(['write 1']);
    await world.git(['reset', '--quiet', '--hard', 'HEAD~1']);
    await change(world.repo, '1\n2\n3\n    c()\n4\n5\n6\n7\n8\n9\n', 0xe5);
    expect(await subjects()).toEqual(['write 1']);
    await world.git(['reset', '--quiet', '--hard', 'HEAD~1']);
    await change(world.repo, '1\n2\n3\n    c()\n4\n5\n6\n7\n8\n9\n', 0xe4);
    await change(world.repo, 'all else\n', 0xe4);
    expect(await subjects()).toEqual([]);
  });

  test('asking leaves no object behind', async () => {
    await commit('one\n');
    await commit('main\n', world.repo, 'd.txt');
    const objects = () => readdirSync(join(world.repo, '.git/objects'), { recursive: true }).length;
    const before = objects();
    await losses();
    expect(objects()).toBe(before);
  });

  test('another branch, a detached HEAD with commits of its own', async () => {
    await world.git(['checkout', '--quiet', '-b', 'precious'], wt);
    await commit('precious\n');
    expect(await losses()).toMatchObject({ otherBranch: 'precious', unmerged: [], detached: [] });
    await world.git(['checkout', '--quiet', '--detach'], wt);
    await commit('loose\n');
    expect(await losses()).toMatchObject({ otherBranch: null, detached: [{ subject: 'write loose' }] });
  });

  test('a merge and a rebase in progress', async () => {
    await commit('theirs\n');
    await commit('ours\n', world.repo);
    await world.git(['merge', 'main'], wt).catch(() => null);
    expect(await losses()).toMatchObject({ operation: 'merge', dirty: ['a.txt'] });
    await world.git(['merge', '--abort'], wt);
    await world.git(['rebase', 'main'], wt).catch(() => null);
    expect(await losses()).toMatchObject({ operation: 'rebase', otherBranch: null });
  });

  test('a lock and its reason', async () => {
    await world.git(['worktree', 'lock', '--reason', 'on a stick', wt]);
    expect((await losses()).locked).toBe('on a stick');
  });

  test('work inside a submodule', async () => {
    await world.git(['clone', '--quiet', world.repo, join(world.dir, 'part')]);
    await world.git(
      ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', join(world.dir, 'part'), 'part'],
      wt,
    );
    await world.git(['commit', '--quiet', '--no-verify', '-mpart'], wt);
    expect(await losses()).toMatchObject({ submodules: [], dirty: [] });
    writeFileSync(join(wt, 'part', 'new.txt'), 'x\n');
    expect(await losses()).toMatchObject({ submodules: ['part'], dirty: [] });
    await commit('inside\n', join(wt, 'part'));
    expect(await losses()).toMatchObject({ submodules: ['part'], dirty: ['part'], unpushed: ['part'] });
    // Bumped and committed outside, the commit itself still lies in git's folder for this worktree alone.
    rmSync(join(wt, 'part', 'new.txt'));
    await world.git(['-c', 'diff.ignoreSubmodules=none', 'commit', '--quiet', '--no-verify', '-ambump'], wt);
    expect(await losses()).toMatchObject({ submodules: [], dirty: [], unpushed: ['part'] });
    await world.git(['update-ref', 'refs/remotes/origin/new', 'HEAD'], join(wt, 'part'));
    expect(await losses()).toMatchObject({ unpushed: [] });
    await world.git(['checkout', '--quiet', '-b', 'side'], join(wt, 'part'));
    await commit('aside\n', join(wt, 'part'));
    await world.git(['checkout', '--quiet', '--detach', 'HEAD~1'], join(wt, 'part'));
    expect(await losses()).toMatchObject({ submodules: [], unpushed: ['part'] });
    await world.git(['update-index', '--split-index'], wt);
    expect(await losses()).toMatchObject({ unpushed: ['part'] });
  });

  test('a repository that was added as it is, and one in that', async () => {
    const inner = async (path: string) => {
      await world.git(['init', '--quiet', join(wt, path)]);
      await commit('inside\n', join(wt, path));
    };
    await inner('proj');
    expect(await losses()).toMatchObject({ untracked: ['proj/'], unpushed: [] });
    await world.git(['add', 'proj'], wt);
    await world.git(['-c', 'diff.ignoreSubmodules=none', 'commit', '--quiet', '--no-verify', '-mproj'], wt);
    expect(await losses()).toMatchObject({ untracked: [], unpushed: ['proj'] });
    await world.git(['update-ref', 'refs/remotes/origin/main', 'HEAD'], join(wt, 'proj'));
    expect(await losses()).toMatchObject({ unpushed: [] });
    await inner('proj/deep');
    await world.git(['add', 'deep'], join(wt, 'proj'));
    await world.git(
      ['-c', 'diff.ignoreSubmodules=none', 'commit', '--quiet', '--no-verify', '-mdeep'],
      join(wt, 'proj'),
    );
    await world.git(['update-ref', 'refs/remotes/origin/main', 'HEAD'], join(wt, 'proj'));
    expect(await losses()).toMatchObject({ unpushed: ['proj/deep'] });
  });

  test('a worktree that is gone still has its commits to lose; a branch that is gone has none', async () => {
    await commit('one\n');
    rmSync(wt, { recursive: true });
    expect(await losses()).toMatchObject({ dirty: [], unmerged: [{ subject: 'write one' }] });
    expect(await losses({ branch: 'nowhere' })).toMatchObject({ unmerged: [], tip: null });
    expect(await losses({ worktree: null, branch: null })).toMatchObject({ unmerged: [], tip: null });
  });

  test('a path with a colon keeps the scratch objects apart', async () => {
    const odd = join(world.dir, 'a:b "c"');
    execFileSync('git', ['clone', '--quiet', world.repo, odd], { env: world.env, stdio: 'ignore' });
    await world.git(['checkout', '--quiet', '-b', 'topic'], odd);
    await commit('one\n', odd);
    await world.git(['checkout', '--quiet', 'main'], odd);
    await world.git(['merge', '--quiet', '--squash', '--ff', 'topic'], odd);
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'squash'], odd);
    const repo = await findRepository(odd);
    expect((await lossesOf({ repo, worktree: null, branch: 'topic', targets: [] })).unmerged).toEqual([]);
  });
});
