import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { moveBranch } from '../../src/git/move-branch.ts';
import { findRepository } from '../../src/git/repository.ts';
import { shellWord } from '../../src/lib/text.ts';
import { run } from '../../src/process/run.ts';
import { writeScript } from '../support/hostile.ts';
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

  describe('where it is checked out', () => {
    const status = () => world.git(['status', '--porcelain']);
    const commit = async (branch: string, files: Readonly<Record<string, string>>) => {
      await world.git(['checkout', '--quiet', branch]);
      for (const [path, text] of Object.entries(files)) world.write(path, text);
      await world.git(['add', '--all', '--force']);
      await world.git(['commit', '--quiet', '--no-verify', '-m', branch]);
      await world.git(['checkout', '--quiet', 'main']);
    };

    it('leaves nothing of it behind when git fails between the files and the branch', async () => {
      await commit('topic', { 'new/n.txt': 'n\n', 'b: [*].txt': 'b\n' });
      world.write('mine.txt', 'mine\n');
      const lock = world.write('.git/refs/heads/main.lock', '');
      expect(await move('main')).toMatchObject({
        state: 'refused',
        reason: expect.stringContaining('main.lock'),
        files: [],
      });
      expect(await status()).toBe('?? mine.txt\n');
      expect(readFileSync(join(world.repo, 'a.txt'), 'utf8')).toBe('a\n');
      expect(existsSync(join(world.repo, 'new'))).toBe(false);
      rmSync(lock);
      expect(await move('main')).toEqual({ state: 'moved' });
      expect(await status()).toBe('?? mine.txt\n');
    });

    it('keeps an ignored file that is just like the one it has no place for', async () => {
      await commit('topic', { 'ignored.txt': 'of both\n' });
      world.write('.git/info/exclude', 'ignored.txt\n');
      world.write('ignored.txt', 'of both\n');
      expect(await move('main')).toMatchObject({ state: 'refused', files: ['ignored.txt'] });
      expect(readFileSync(join(world.repo, 'ignored.txt'), 'utf8')).toBe('of both\n');
    });

    it('takes back what git took away for a file that it then could not write', async () => {
      await commit('main', { 'z.txt': 'z\n', '.gitattributes': '*.txt filter=x\n' });
      await world.git(['branch', '--force', 'topic', 'main']);
      await commit('topic', { 'a.txt': 'topic\n', 'n.txt': 'n\n', 'z.txt': 'not to be had\n' });
      await world.git(['config', 'filter.x.clean', 'cat']);
      await world.git(['config', 'filter.x.smudge', 'grep -v not']);
      await world.git(['config', 'filter.x.required', 'true']);
      expect(await move('main')).toMatchObject({ state: 'refused', reason: expect.stringContaining('z.txt') });
      expect(await status()).toBe('');
    });

    it.each(['--squash', '-s ours', '--no-ff'])('moves where the branch’s own options are %s', async (options) => {
      await world.git(['config', 'branch.main.mergeOptions', options]);
      expect(await move('main')).toEqual({ state: 'moved' });
      expect(await oid('main')).toBe(await oid('topic'));
      expect(await status()).toBe('');
    });

    it.each(['status', 'merge'])('moves no other branch that somebody checks out there during git %s', async (when) => {
      await world.git(['branch', 'feature', 'main']);
      const git = (await run(['sh', '-c', 'command -v git'])).stdout.trim();
      const before = await oid('feature');
      const [at, real] = [world.repo, git].map(shellWord);
      const there = `[ "$PWD" = ${at} ] && { case " $* " in *" ${when} "*) ${real} checkout --quiet feature ;; esac; }`;
      writeScript(join(world.bin, 'git'), `${there}\nexec ${real} "$@"`);
      const moved = await move('main');
      rmSync(join(world.bin, 'git'));
      expect(moved).toEqual({ state: 'raced' });
      expect([await oid('feature'), await oid('main'), await oid('HEAD')]).toEqual([before, before, before]);
      expect(await world.git(['symbolic-ref', 'HEAD'])).toBe('refs/heads/feature\n');
      expect(await status()).toBe('');
      expect(await move('main')).toEqual({ state: 'moved' });
    });

    it('takes no submodule that the last move left behind for a change of somebody’s', async () => {
      const bump = async (id: string) => {
        await world.git(['checkout', '--quiet', 'topic']);
        await world.git(['update-index', '--add', '--cacheinfo', `160000,${id},sub`]);
        await world.git(['commit', '--quiet', '--no-verify', '-m', 'bump']);
        await world.git(['checkout', '--quiet', 'main']);
      };
      const sub = join(world.repo, 'sub');
      await run(['git', 'init', '--quiet', sub], { env: world.env });
      const commits: string[] = [];
      for (const text of ['1', '2', '3']) {
        await world.git(['commit', '--quiet', '--allow-empty', '--no-verify', '-m', text], sub);
        commits.push((await world.git(['rev-parse', 'HEAD'], sub)).trim());
      }
      await world.git(['checkout', '--quiet', commits[0] ?? ''], sub);
      await commit('main', {});
      await world.git(['branch', '--force', 'topic', 'main']);
      for (const [index, id] of commits.slice(1).entries()) {
        await bump(id);
        if (index === 1) {
          await world.git(['config', 'submodule.recurse', 'true']);
          expect(await move('main')).toMatchObject({ state: 'refused', files: ['sub'] });
          await world.git(['config', '--unset', 'submodule.recurse']);
        }
        expect(await move('main')).toEqual({ state: 'moved' });
        expect(await status()).toBe(' M sub\n');
      }
    });
  });
});
