import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRepository } from '../../src/git/repository.ts';
import { listWorktrees } from '../../src/git/worktrees.ts';
import { refusal, useGround } from './ground.ts';

describe.each([{ hostile: false }, { hostile: true }])('findRepository, hostile: $hostile', ({ hostile }) => {
  const world = useGround({ hostile, files: { 'src/deep/a.txt': 'a\n' } });

  test('is the same from the main worktree, below it, through a link, inside .git and in a linked worktree', async () => {
    const linked = join(world.dir, 'linked here');
    await world.git(['worktree', 'add', '--quiet', '-b', 'other', linked]);
    symlinkSync(world.repo, join(world.dir, 'link'));
    const main = await findRepository(world.repo);
    expect(main).toEqual({
      commonDir: join(world.repo, '.git'),
      root: world.repo,
      bare: false,
      name: 'app',
      worktree: world.repo,
      stateDir: join(world.repo, '.git', 'swarm'),
      gitVersion: { text: expect.any(String), major: expect.any(Number), minor: expect.any(Number) },
    });
    expect(await world.git(['version'])).toContain(`git version ${main.gitVersion?.text}`);
    expect(await findRepository(join(world.repo, 'src/deep'))).toEqual(main);
    expect(await findRepository(join(world.dir, 'link'))).toEqual(main);
    expect(await findRepository(join(world.repo, '.git', 'refs'))).toEqual(main);
    expect(await findRepository(join(linked, 'src'))).toEqual({ ...main, worktree: linked });
  });

  test('a bare repository, named and hidden, from itself and from its worktrees', async () => {
    const bare = join(world.dir, 'lib.js.git');
    await world.git(['clone', '--quiet', '--bare', world.repo, bare]);
    expect(await findRepository(bare)).toMatchObject({ root: bare, bare: true, name: 'lib.js', worktree: null });
    const hidden = join(world.dir, 'project', '.bare');
    await world.git(['clone', '--quiet', '--bare', world.repo, hidden]);
    const wt = join(world.dir, 'project', 'wt');
    await world.git(['worktree', 'add', '--quiet', '-b', 'w', wt], hidden);
    await world.git(['config', 'extensions.worktreeConfig', 'true'], hidden);
    await world.git(['config', '--worktree', 'core.bare', 'true'], hidden);
    await world.git(['config', '--unset', 'core.bare'], hidden);
    expect(await findRepository(wt)).toMatchObject({ root: hidden, bare: true, name: 'project', worktree: wt });
    expect((await listWorktrees(await findRepository(wt))).map(({ bare, branch }) => ({ bare, branch }))).toEqual([
      { bare: true, branch: null },
      { bare: false, branch: 'w' },
    ]);
  });

  test('a submodule is a repository of its own, also from its linked worktree', async () => {
    await world.git(['clone', '--quiet', world.repo, join(world.dir, 'part')]);
    const allow = ['-c', 'protocol.file.allow=always'];
    await world.git([...allow, 'submodule', '--quiet', 'add', join(world.dir, 'part'), 'libs/part']);
    const inside = join(world.repo, 'libs/part');
    const found = await findRepository(inside);
    expect(found).toMatchObject({ root: inside, name: 'part', bare: false, worktree: inside });
    expect(found.commonDir).toBe(join(world.repo, '.git/modules/libs/part'));
    const linked = join(world.dir, 'part-wt');
    await world.git(['worktree', 'add', '--quiet', '-b', 'w', linked], inside);
    expect(await findRepository(linked)).toEqual({ ...found, worktree: linked });
    expect((await listWorktrees(found)).map(({ path }) => path)).toEqual([inside, linked]);
  });

  test('a git folder apart from its worktree', async () => {
    const apart = join(world.dir, 'apart');
    mkdirSync(apart);
    await world.git(['init', '--quiet', `--separate-git-dir=${join(world.dir, 'git-folder')}`], apart);
    expect(await findRepository(apart)).toMatchObject({ root: apart, name: 'apart', bare: false, worktree: apart });
    await world.git(['commit', '--quiet', '--allow-empty', '-mx'], apart);
    await world.git(['worktree', 'add', '--quiet', '-b', 'w', join(world.dir, 'w')], apart);
    const error = await refusal(findRepository(join(world.dir, 'w')));
    expect(error).toMatchObject({ code: 'NO_MAIN_WORKTREE', exit: 2 });
    await world.git(['config', 'core.worktree', apart], apart);
    expect(await findRepository(join(world.dir, 'w'))).toMatchObject({ root: apart });
  });

  test('a repository without commits', async () => {
    const fresh = join(world.dir, 'fresh');
    await world.git(['init', '--quiet', fresh]);
    const repo = await findRepository(fresh);
    expect(repo).toMatchObject({ root: fresh, worktree: fresh });
    expect(await listWorktrees(repo)).toMatchObject([{ path: fresh, head: null, detached: false }]);
  });

  test('no repository, a missing folder, a file, another’s repository', async () => {
    const error = await refusal(findRepository(world.home));
    expect(error).toMatchObject({ code: 'NOT_A_REPOSITORY', exit: 2 });
    expect(error.message).toBe(`${world.home} is not in a git repository.`);
    expect(await refusal(findRepository(join(world.dir, 'no')))).toMatchObject({ code: 'NO_SUCH_FOLDER', exit: 2 });
    expect(await refusal(findRepository(join(world.repo, 'src/deep/a.txt')))).toMatchObject({ exit: 2 });
    process.env['GIT_TEST_ASSUME_DIFFERENT_OWNER'] = '1';
    const unsafe = await refusal(findRepository(world.repo));
    expect(unsafe).toMatchObject({ code: 'UNSAFE_REPOSITORY', exit: 2 });
    expect(unsafe.hint).toContain('git config --global --add safe.directory ');
  });

  test('locked, detached and vanished worktrees are told apart', async () => {
    const at = (name: string) => join(world.dir, name);
    await world.git(['worktree', 'add', '--quiet', '--detach', at('loose')]);
    await world.git(['worktree', 'add', '--quiet', '-b', 'x/y', at('kept')]);
    await world.git(['worktree', 'lock', '--reason', 'on a stick', at('kept')]);
    const [, ...linked] = await listWorktrees(await findRepository(world.repo));
    expect(linked.sort((a, b) => a.path.localeCompare(b.path))).toMatchObject([
      { path: at('kept'), branch: 'x/y', locked: 'on a stick', detached: false },
      { path: at('loose'), branch: null, locked: null, detached: true },
    ]);
  });
});
