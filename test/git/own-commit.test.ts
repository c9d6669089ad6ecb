import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hasOwnCommit } from '../../src/git/own-commit.ts';
import { findRepository } from '../../src/git/repository.ts';
import { useGround } from './ground.ts';

const world = useGround();
const wt = () => join(world.dir, 'wt');
const oid = async (ref: string) => (await world.git(['rev-parse', ref])).trim();
let start = '';
const own = async () => {
  const request = { branch: 'topic', tip: await oid('topic'), start, targets: [await oid('main')] };
  return hasOwnCommit(await findRepository(world.repo), request);
};
const commit = async (cwd: string, name: string) => {
  writeFileSync(join(cwd, name), `${name}\n`);
  await world.git(['add', name], cwd);
  await world.git(['commit', '--quiet', '--no-verify', '-m', name], cwd);
};

describe('a branch’s own commits', () => {
  beforeEach(async () => {
    await world.git(['worktree', 'add', '--quiet', '-b', 'topic', wt()]);
    start = await oid('topic');
    await commit(world.repo, 'main.txt');
  });

  it.each([
    ['merge', '--quiet', '--ff-only', 'main'],
    ['merge', '--quiet', '--no-ff', '-m', 'pulled', 'main'],
    ['rebase', '--quiet', 'main'],
    ['rebase', '--quiet', '--force-rebase', 'main'],
    ['reset', '--quiet', '--hard', 'main'],
  ])('are none of those that came from the target: git %s', async (...args) => {
    expect(await own()).toBe(false);
    await world.git(args, wt());
    expect(await own()).toBe(false);
  });

  it('are those that it has or had, however they went to the target', async () => {
    await commit(wt(), 'own.txt');
    expect(await own()).toBe(true);
    await world.git(['rebase', '--quiet', 'main'], wt());
    await world.git(['merge', '--quiet', '--ff-only', 'topic']);
    expect(await own()).toBe(true);
    await commit(world.repo, 'later.txt');
    await world.git(['merge', '--quiet', '--ff-only', 'main'], wt());
    expect(await own()).toBe(true);
  });

  it('are those that came into the target from the side, also where git has no record of the branch', async () => {
    await commit(wt(), 'own.txt');
    await world.git(['merge', '--quiet', '--no-ff', '-m', 'merged', 'topic']);
    await world.git(['reflog', 'expire', '--expire=now', '--all']);
    expect(await own()).toBe(true);
  });
});
