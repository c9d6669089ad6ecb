import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

const lines = (third = 'three', last = 'ten') => `one\ntwo\n${third}\nfour\nfive\nsix\nseven\neight\nnine\n${last}\n`;
const world = useWorld({ files: { 'shared.txt': lines(), 'other.txt': lines() } });
const conflicts = async () => (await call(world, 'conflicts', ['conflicts'])).conflicts;
const put = (agent: Agent, name: string, text: string) => writeFileSync(join(agent.worktree ?? '', name), text);
const commit = async (cwd: string) => {
  await world.git(['add', '--all'], cwd);
  await world.git(['commit', '--quiet', '--no-verify', '-m', 'change'], cwd);
};
/** Everything of git's that an agent or a person could notice. */
const stateOf = (agent: Agent) => {
  const admin = join(world.repo, '.git', 'worktrees', agent.name);
  return [readFileSync(join(admin, 'index')).toString('hex'), statSync(join(admin, 'index')).mtimeMs];
};

describe('swarm conflicts', () => {
  it('tells two agents in one place, each one’s collision with the target, and a file that both edit', async () => {
    const [a, b, c] = [
      await spawnOne(world, ['t-1', '--no-wait']),
      await spawnOne(world, ['t-2', '--no-wait']),
      await spawnOne(world, ['t-3', '--no-wait']),
    ];
    expect(await conflicts()).toEqual([]);
    put(a, 'shared.txt', lines('three of a'));
    await commit(a.worktree ?? '');
    put(b, 'shared.txt', lines('three of b'));
    put(c, 'shared.txt', lines('three', 'ten of c'));
    const before = [a, b, c].map(stateOf);
    const between = { a: a.name, b: b.name, target: null, kind: 'merge', files: ['shared.txt'] };
    const editing = { a: b.name, b: c.name, target: null, kind: 'editing', files: ['shared.txt'] };
    expect(await conflicts()).toEqual([between, editing]);
    expect([a, b, c].map(stateOf)).toEqual(before);

    writeFileSync(join(world.repo, 'shared.txt'), lines('three of main'));
    await commit(world.repo);
    const target = (await world.git(['branch', '--show-current'])).trim();
    expect(await conflicts()).toEqual([
      { a: a.name, b: null, target, kind: 'merge', files: ['shared.txt'] },
      between,
      { a: b.name, b: null, target, kind: 'merge', files: ['shared.txt'] },
      editing,
    ]);
    expect((await world.swarm(['conflicts'])).stdout).toMatch(/worker-1 +worker-2 +conflict +shared\.txt/);
    // One whose worktree is gone is none of the others' trouble.
    rmSync(b.worktree ?? '', { recursive: true });
    expect(await conflicts()).toEqual([{ a: a.name, b: null, target, kind: 'merge', files: ['shared.txt'] }]);
  });

  it('counts new files, and needs no merge for work side by side', async () => {
    const [a, b] = [await spawnOne(world, ['t-1', '--no-wait']), await spawnOne(world, ['t-2', '--no-wait'])];
    put(a, 'new.txt', 'of a\n');
    put(b, 'beside.txt', 'of b\n');
    expect(await conflicts()).toEqual([]);
    put(b, 'new.txt', 'of b\n');
    expect(await conflicts()).toEqual([{ a: a.name, b: b.name, target: null, kind: 'merge', files: ['new.txt'] }]);
  });

  it('reads an agent with a repository without a commit, and names one that it can’t read', async () => {
    const [a, b, c] = [
      await spawnOne(world, ['t-1', '--no-wait']),
      await spawnOne(world, ['t-2', '--no-wait']),
      await spawnOne(world, ['t-3', '--no-wait']),
    ];
    put(a, 'shared.txt', lines('three of a'));
    put(b, 'shared.txt', lines('three of b'));
    put(c, 'other.txt', lines('three of c'));
    await world.git(['init', '--quiet', join(a.worktree ?? '', 'proj')]);
    const between = { a: a.name, b: b.name, target: null, kind: 'merge', files: ['shared.txt'] };
    expect(await conflicts()).toEqual([between]);
    expect((await world.swarm(['diff', a.name])).stdout).toContain('+three of a');
    put(c, '.git', 'no git file\n');
    const partly = await call(world, 'conflicts', ['conflicts'], { exit: 1 });
    expect(partly).toMatchObject({ conflicts: [between], errors: [{ agent: c.name, code: 'NOT_READ' }] });
    put(b, '.git', 'no git file\n');
    const { exitCode, stdout, stderr } = await world.swarm(['conflicts']);
    expect([exitCode, stdout]).toEqual([1, 'No conflicts among what could be read.\n']);
    expect(stderr).toMatch(/worker-2's work could not be read.*worker-3's work could not be read/s);
  });

  it('tests each one’s work against the branch that it goes to, not all against one', async () => {
    await world.git(['branch', 'release']);
    const a = await spawnOne(world, ['t-1', '--base', 'release', '--no-wait']);
    const b = await spawnOne(world, ['t-2', '--no-wait']);
    put(a, 'shared.txt', lines('three of a'));
    put(b, 'other.txt', lines('three of b'));
    const elsewhere = join(world.dir, 'elsewhere');
    await world.git(['worktree', 'add', '--quiet', elsewhere, 'release']);
    for (const [place, third] of [
      [elsewhere, 'of release'],
      [world.repo, 'of main'],
    ] as const) {
      writeFileSync(join(place, 'shared.txt'), lines(`three ${third}`));
      writeFileSync(join(place, 'other.txt'), lines(place === world.repo ? 'three' : `three ${third}`));
      await commit(place);
    }
    const wanted = [{ a: a.name, b: null, target: 'release', kind: 'merge', files: ['shared.txt'] }];
    expect(await conflicts()).toEqual(wanted);
    await call(world, 'up', ['up']);
    const team = async () => (await call(world, 'ls', ['ls'])).conflicts;
    await waitFor(async (see) => ((see(await team())?.length ?? 0) > 0 ? true : null), 'what the supervisor sees');
    expect(await team()).toEqual(wanted);
    // The target moves: what it brought is gone again.
    await world.git(['reset', '--quiet', '--hard', 'HEAD~1'], elsewhere);
    await waitFor(async (see) => (see(await team())?.length === 0 ? true : null), 'the end of it');
    await call(world, 'down', ['down']);
  });
});
