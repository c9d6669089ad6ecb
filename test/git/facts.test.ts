import { rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gitFacts } from '../../src/git/facts.ts';
import { useGround } from './ground.ts';

describe.each([{ hostile: false }, { hostile: true }])('gitFacts, hostile: $hostile', ({ hostile }) => {
  const world = useGround({ hostile, files: { 'a.txt': 'one\ntwo\n', 'b.txt': 'b\n', '.gitignore': '*.log\n' } });
  const oid = async (ref: string, cwd = world.repo) => (await world.git(['rev-parse', ref], cwd)).trim();

  test('counts commits, files and lines against the base, untracked ones included', async () => {
    const wt = join(world.dir, 'wt');
    await world.git(['worktree', 'add', '--quiet', '-b', 'topic', wt]);
    await world.git(['commit', '--quiet', '--allow-empty', '-m', 'on main']);
    writeFileSync(join(wt, 'a.txt'), 'one\n2\nthree\n');
    await world.git(['commit', '--quiet', '-am', 'Über: count'], wt);
    writeFileSync(join(wt, 'b.txt'), 'b\nc\n');
    writeFileSync(join(wt, 'new one.txt'), 'x\ny');
    writeFileSync(join(wt, 'picture.bin'), Buffer.from([0, 10, 10]));
    writeFileSync(join(wt, 'noise.log'), 'x\n');
    expect(await gitFacts(wt, await oid('main'))).toMatchObject({
      head: await oid('topic'),
      subject: 'Über: count',
      ahead: 1,
      behind: 1,
      dirty: 3,
      insertions: 2 + 1 + 2,
      deletions: 1,
    });
    const { at, committedAt } = await gitFacts(wt, null);
    for (const time of [at, committedAt]) expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  test('no commit, no folder, no base: nulls', async () => {
    const fresh = join(world.dir, 'fresh');
    await world.git(['init', '--quiet', fresh]);
    writeFileSync(join(fresh, 'x'), 'x\n');
    const none = { head: null, subject: null, committedAt: null, ahead: null, behind: null };
    expect(await gitFacts(fresh, null)).toMatchObject({ ...none, dirty: 1, insertions: null, deletions: null });
    rmSync(fresh, { recursive: true });
    expect(await gitFacts(fresh, null)).toMatchObject({ ...none, dirty: null, insertions: null });
    expect(await gitFacts(world.repo, null)).toMatchObject({ ahead: null, behind: null, dirty: 0, insertions: 0 });
    expect(await gitFacts(world.repo, '0'.repeat(40))).toMatchObject({ ahead: null, dirty: 0, insertions: 0 });
  });

  test('looking never writes: a merge in progress, what is staged and the index itself survive', async () => {
    await world.git(['checkout', '--quiet', '-b', 'topic']);
    writeFileSync(join(world.repo, 'a.txt'), 'topic\n');
    await world.git(['commit', '--quiet', '-am', 'topic']);
    await world.git(['checkout', '--quiet', 'main']);
    writeFileSync(join(world.repo, 'a.txt'), 'main\n');
    await world.git(['commit', '--quiet', '-am', 'main']);
    await world.git(['merge', 'topic']).catch(() => null);
    writeFileSync(join(world.repo, 'staged.txt'), 's\n');
    await world.git(['add', 'staged.txt']);
    // A file that only looks changed tempts git to refresh the index.
    utimesSync(join(world.repo, 'b.txt'), 1, 1);
    const index = join(world.repo, '.git/index');
    const before = statSync(index);
    for (let round = 0; round < 5; round++) await gitFacts(world.repo, await oid('topic'));
    expect(statSync(index).mtimeMs).toBe(before.mtimeMs);
    expect(statSync(index).ino).toBe(before.ino);
    expect(await oid('MERGE_HEAD')).toBe(await oid('topic'));
    expect((await world.git(['diff', '--no-ext-diff', '--cached', '--name-only'])).split('\n')).toContain('staged.txt');
  });

  test('an agent’s own commits never meet a lock of ours', async () => {
    const base = await oid('HEAD');
    let looking = true;
    const looks = (async () => {
      while (looking) await gitFacts(world.repo, base);
    })();
    const failures: unknown[] = [];
    for (let round = 0; round < 20; round++) {
      writeFileSync(join(world.repo, 'a.txt'), `${round}\n`);
      await world.git(['add', 'a.txt']).catch((error) => failures.push(error));
      await world.git(['commit', '--quiet', '--no-verify', '-m', `${round}`]).catch((error) => failures.push(error));
    }
    looking = false;
    await looks;
    expect(failures).toEqual([]);
  });
});
