import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/types.ts';
import { findRepository } from '../../src/git/repository.ts';
import { type CopyReport, copyFiles } from '../../src/workspace/files.ts';
import { refusal, useGround } from '../git/ground.ts';

const NOTHING: CopyReport = { copied: [], updated: [], linked: [], skipped: [] };

describe.each([{ hostile: false }, { hostile: true }])('copyFiles, hostile: $hostile', ({ hostile }) => {
  const tracked = {
    '.gitignore': '.env*\n!.env.example\nnode_modules/\ndist/\n*.pem\n',
    '.env.example': 'A=\n',
    'packages/a/index.js': 'a\n',
  };
  const world = useGround({ hostile, files: tracked });
  let wt = '';
  beforeEach(async () => {
    wt = join(world.dir, 'w t');
    await world.git(['worktree', 'add', '--quiet', '-b', 'topic', wt]);
  });
  const copy = async (files: Partial<Config['files']>, dryRun = false) =>
    copyFiles({
      repo: await findRepository(wt),
      files: { copy: [], exclude: [], link: [], ...files },
      worktree: wt,
      dryRun,
    });
  const text = (path: string) => readFileSync(join(wt, path), 'utf8');
  const status = () => world.git(['status', '--porcelain', '--untracked-files=all'], wt);

  test('untracked files by glob, with their mode; tracked ones never', async () => {
    world.write('.env', 'A=1\n');
    world.write('.env.local', 'B=2\n');
    world.write('.env.production', 'SECRET\n');
    world.write('packages/a/.env', 'deep\n');
    world.write('.env.example', 'edited in main\n');
    chmodSync(join(world.repo, '.env'), 0o600);
    expect(await copy({ copy: ['.env*'], exclude: ['.env.production'] })).toEqual({
      ...NOTHING,
      copied: ['.env', '.env.local'],
    });
    expect(text('.env.example')).toBe('A=\n');
    expect(statSync(join(wt, '.env')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(wt, '.env.production'))).toBe(false);
    expect(await status()).toBe('');
    expect(await copy({ copy: ['**/.env'] })).toEqual({ ...NOTHING, copied: ['packages/a/.env'] });
  });

  test('again: what is the same stays, what differs is updated, what is only here is left alone', async () => {
    world.write('.env', 'A=1\n');
    world.write('.env.local', 'B=1\n');
    await copy({ copy: ['.env*'] });
    expect(await copy({ copy: ['.env*'] })).toEqual(NOTHING);
    world.write('.env', 'A=22\n');
    writeFileSync(join(wt, '.env.mine'), 'mine\n');
    expect(await copy({ copy: ['.env*'] }, true)).toEqual({ ...NOTHING, updated: ['.env'] });
    expect(text('.env')).toBe('A=1\n');
    expect(await copy({ copy: ['.env*'] })).toEqual({ ...NOTHING, updated: ['.env'] });
    expect([text('.env'), text('.env.mine')]).toEqual(['A=22\n', 'mine\n']);
  });

  test('a file that is tracked only on the worktree’s branch is not overwritten', async () => {
    world.write('.env', 'from main\n');
    writeFileSync(join(wt, '.env'), 'committed here\n');
    await world.git(['add', '--force', '.env'], wt);
    expect((await copy({ copy: ['.env'] })).skipped).toEqual([
      { path: '.env', reason: 'git tracks it in this worktree' },
    ]);
    expect(text('.env')).toBe('committed here\n');
  });

  test('.worktreeinclude in the syntax of .gitignore', async () => {
    world.write('.worktreeinclude', '# mine\n.env*\n!.env.production\ndist/\n/top.pem\n');
    for (const path of ['.env', 'packages/a/.env', '.env.production', 'top.pem', 'packages/a/top.pem', 'dist/x.js']) {
      world.write(path, `${path}\n`);
    }
    expect(await copy({ exclude: ['packages/a/.env'] })).toEqual({ ...NOTHING, copied: ['.env', 'dist/', 'top.pem'] });
    expect(text('dist/x.js')).toBe('dist/x.js\n');
  });

  test('an ignored folder is looked into only where a pattern names it', async () => {
    world.write('node_modules/x/.env', 'not mine\n');
    world.write('node_modules/.cache/y', 'cache\n');
    world.write('packages/a/.env', 'mine\n');
    expect((await copy({ copy: ['**/.env*', '.env*'] })).copied).toEqual(['packages/a/.env']);
    expect((await copy({ copy: ['node_modules/.cache'] })).copied).toEqual(['node_modules/.cache/y']);
    expect((await copy({ copy: ['node_modules/'] })).copied).toEqual(['node_modules/x/.env']);
    rmSync(join(wt, 'node_modules'), { recursive: true });
    expect((await copy({ copy: ['node_modules'], exclude: ['node_modules/.cache'] })).copied).toEqual([
      'node_modules/',
    ]);
    expect(existsSync(join(wt, 'node_modules/.cache'))).toBe(false);
  });

  test('folders of nothing but untracked files', async () => {
    world.write('config/local/a b.json', '{}\n');
    world.write('config/local/.env', 'x\n');
    expect((await copy({ copy: ['config/local'] })).copied).toEqual(['config/local/.env', 'config/local/a b.json']);
  });

  test('links within the repository stay links; those that lead out, and what is behind them, are left', async () => {
    world.write('secrets/real.pem', 'key\n');
    writeFileSync(join(world.dir, 'outside.pem'), 'not yours\n');
    const link = (to: string, path: string) => symlinkSync(to, join(world.repo, path));
    link('secrets/real.pem', 'in.pem');
    link('../outside.pem', 'out.pem');
    link(join(world.dir, 'outside.pem'), 'absolute.pem');
    link('nowhere.pem', 'broken.pem');
    link('.git/config', 'git.pem');
    const report = await copy({ copy: ['*.pem'] });
    expect(report.copied).toEqual(['broken.pem', 'in.pem']);
    expect(readlinkSync(join(wt, 'in.pem'))).toBe('secrets/real.pem');
    const out = 'it is a link that leads out of the repository';
    expect(report.skipped).toEqual([
      { path: 'absolute.pem', reason: out },
      { path: 'git.pem', reason: "it is a link into git's own folder" },
      { path: 'out.pem', reason: out },
    ]);
    expect(await copy({ copy: ['*.pem'] })).toMatchObject({ copied: [], updated: [] });
  });

  test('nothing is written through a link of the worktree', async () => {
    world.write('packages/b/.env', 'x\n');
    symlinkSync(world.dir, join(wt, 'packages', 'b'));
    expect((await copy({ copy: ['**/.env'] })).skipped).toEqual([
      { path: 'packages/b/.env', reason: 'packages/b is a link in this worktree' },
    ]);
    expect(existsSync(join(world.dir, '.env'))).toBe(false);
  });

  test.each([['../x'], ['a/../../x'], ['/etc/passwd'], ['~/.ssh/id'], ['.git/config'], ['!x'], ['']])(
    'the pattern %j is refused before anything is copied',
    async (pattern) => {
      world.write('.env', 'A=1\n');
      for (const key of ['copy', 'link', 'exclude'] as const) {
        const error = await refusal(copy({ copy: ['.env'], [key]: ['.env', pattern] }));
        expect(error).toMatchObject({ code: 'BAD_PATTERN', exit: 2 });
        expect(error.message).toContain(`files.${key}`);
      }
      expect(existsSync(join(wt, '.env'))).toBe(false);
    },
  );

  test('.worktreeinclude can’t leave the repository either', async () => {
    world.write('.worktreeinclude', '../secret\n');
    expect(await refusal(copy({}))).toMatchObject({ code: 'BAD_PATTERN' });
  });

  test('repositories and worktrees inside are never copied', async () => {
    await world.git(['worktree', 'add', '--quiet', '-b', 'inner', join(world.repo, 'dist', 'wt')]);
    await world.git(['init', '--quiet', join(world.repo, 'vendor')]);
    world.write('vendor/x', 'x\n');
    world.write('dist/x.js', 'x\n');
    const report = await copy({ copy: ['dist', 'vendor'] });
    expect(report.copied).toEqual(['dist/']);
    expect(report.skipped.map(({ path }) => path)).toEqual(['dist/wt', 'vendor']);
    expect(existsSync(join(wt, 'dist/wt'))).toBe(false);
  });

  test('links to folders and files of the main worktree', async () => {
    world.write('node_modules/x/index.js', 'x\n');
    world.write('packages/a/node_modules/y/index.js', 'y\n');
    world.write('cache/a', 'a\n');
    const files = { link: ['node_modules', 'packages/*/node_modules', 'cache'], copy: ['node_modules', 'cache'] };
    expect(await copy(files, true)).toMatchObject({ linked: ['cache', 'node_modules', 'packages/a/node_modules'] });
    expect(existsSync(join(wt, 'cache'))).toBe(false);
    expect(await copy(files)).toEqual({ ...NOTHING, linked: ['cache', 'node_modules', 'packages/a/node_modules'] });
    expect(lstatSync(join(wt, 'node_modules')).isSymbolicLink()).toBe(true);
    expect(text('packages/a/node_modules/y/index.js')).toBe('y\n');
    expect(await copy(files)).toEqual(NOTHING);
  });

  test('a link never takes the place of what is there', async () => {
    world.write('dist/a', 'a\n');
    mkdirSync(join(wt, 'dist'));
    const report = await copy({ link: ['dist', 'packages'] });
    expect(report.linked).toEqual([]);
    expect(report.skipped).toEqual([
      { path: 'dist', reason: 'something is there already' },
      { path: 'packages', reason: 'it holds nothing to bring along' },
    ]);
  });

  test('a path that the config names and that is not there is said', async () => {
    expect((await copy({ copy: ['.env', '.env.example', '*.nothing'], link: ['node_modules'] })).skipped).toEqual([
      { path: '.env', reason: 'it is not in the main worktree' },
      { path: '.env.example', reason: 'git tracks it: every worktree has it' },
      { path: 'node_modules', reason: 'it is not in the main worktree' },
    ]);
  });

  test('a bare repository has nothing to copy, and says so', async () => {
    const bare = join(world.dir, 'bare.git');
    await world.git(['clone', '--quiet', '--bare', world.repo, bare]);
    const repo = await findRepository(bare);
    const report = await copyFiles({ repo, files: { copy: ['.env'], exclude: [], link: [] }, worktree: wt });
    expect(report.skipped[0]?.reason).toContain('bare repository');
  });
});
