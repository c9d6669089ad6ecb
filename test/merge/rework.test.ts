import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crash, SLOW } from '../crash/support.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';
import { unwatched } from './unwatched.ts';

const world = useWorld({ files: { 'shared.txt': 'one\n' } });
const queue = async (words: readonly string[], exit = 0) =>
  (await call(world, 'queue', ['queue', ...words], { exit })).queue;
const tasks = async () => (await call(world, 'tasks', ['task', 'list'])).tasks.map(({ id }) => id);
const complete = (task: string) =>
  call(world, 'task-answer', ['task', 'complete', task, 'done'], { env: { SWARM_AGENT: 'worker-2' } });

/** Two agents that change the same line; the first is merged. Answers the other one's worktree. */
async function conflicting(): Promise<string> {
  const worktrees: string[] = [];
  for (const ticket of ['t-1', 't-2']) {
    const { worktree } = await spawnOne(world, [ticket, '--no-wait']);
    writeFileSync(join(worktree ?? '', 'shared.txt'), `one of ${ticket}\n`);
    await world.git(['commit', '--quiet', '--no-verify', '-am', ticket], worktree ?? '');
    worktrees.push(worktree ?? '');
  }
  await world.swarm(['wait', 'worker-1', 'worker-2']);
  await call(world, 'merge', ['merge', 'worker-1']);
  await unwatched(world);
  return worktrees[1] ?? '';
}

describe('a rework', () => {
  it('takes the place of a merge that waits, is asked for once, and ends when nothing is changed', SLOW, async () => {
    await conflicting();
    await queue(['add', 'worker-2']);
    for (const note of ['has task-001 to mend it;', 'has task-001 to mend it already;']) {
      const { merge } = await call(world, 'merge', ['merge', 'worker-2', '--rework'], { exit: 1 });
      expect(merge).toMatchObject({ state: 'conflict', notes: [expect.stringContaining(note)] });
      expect(await queue(['list'])).toMatchObject([{ agent: 'worker-2', state: 'rework', task: 'task-001' }]);
    }
    const more = await call(world, 'merge', ['merge', 'worker-2', '--rework', '-m', 'Mine'], { exit: 1 });
    expect(more.merge.notes[1]).toMatch(/^the message does not wait with it/);
    await complete('task-001');
    const reason = 'its rework was reported done, and its branch is as it was';
    expect(await queue(['run'], 1)).toMatchObject([{ agent: 'worker-2', state: 'returned', reason }]);
    expect(await tasks()).toEqual(['task-001']);
  });

  it('is asked for once, although it was killed while it was asked for', SLOW, async () => {
    await conflicting();
    await queue(['add', 'worker-2', '--rework']);
    await crash(world, ['queue', 'run'], 'rework:task:made');
    expect(await tasks()).toEqual([]);
    expect(await queue(['run'], 1)).toMatchObject([{ state: 'rework', task: 'task-001' }]);
    expect(await tasks()).toEqual(['task-001']);
  });

  it('goes back to the person after a few that did not help', SLOW, async () => {
    const worktree = await conflicting();
    await queue(['add', 'worker-2', '--rework']);
    for (const task of ['task-001', 'task-002', 'task-003']) {
      expect(await queue(['run'], 1)).toMatchObject([{ state: 'rework', task }]);
      await world.git(['commit', '--quiet', '--no-verify', '--allow-empty', '-m', task], worktree);
      await complete(task);
    }
    expect(await queue(['run'], 1)).toMatchObject([
      { state: 'returned', reason: expect.stringContaining('after 3 reworks, a person is to look') },
    ]);
    expect(await tasks()).toHaveLength(3);
  });

  it('goes on from where an earlier merge of the same work ended', SLOW, async () => {
    const { worktree } = await spawnOne(world, ['t-1', '--no-wait']);
    const commit = async (text: string, cwd = world.repo) => {
      writeFileSync(join(cwd, 'shared.txt'), text);
      await world.git(['commit', '--quiet', '--no-verify', '-am', text.trim()], cwd);
      return (await world.git(['rev-parse', 'HEAD'], cwd)).trim();
    };
    const home = await commit('one of t-1\n', worktree ?? '');
    await world.swarm(['wait', 'worker-1']);
    await call(world, 'merge', ['merge', 'worker-1', '--keep']);
    await unwatched(world);
    await commit('one of main\n');
    await commit('one of t-1 again\n', worktree ?? '');
    await call(world, 'merge', ['merge', 'worker-1', '--rework'], { exit: 1 });
    const { task } = await call(world, 'task-answer', ['task', 'show', '1']);
    const rebase = ['rebase', '--onto', 'main', home.slice(0, 12)];
    expect(task?.description).toContain(`(git ${rebase.join(' ')})`);
    const hunk = ['<<<<<<< main', 'one of main', '=======', 'one of t-1 again', '>>>>>>> t-1'];
    expect(task?.description).toContain(hunk.join('\n'));
    await expect(world.git(rebase, worktree ?? '')).rejects.toThrow('could not apply');
    writeFileSync(join(worktree ?? '', 'shared.txt'), 'one of both\n');
    await world.git(['-c', 'core.editor=true', 'commit', '--quiet', '--no-verify', '-am', 'both'], worktree ?? '');
    await world.git(['-c', 'core.editor=true', 'rebase', '--continue'], worktree ?? '');
    await call(world, 'task-answer', ['task', 'complete', '1', 'done'], { env: { SWARM_AGENT: 'worker-1' } });
    expect(await queue(['run'])).toMatchObject([{ state: 'merged' }]);
    expect(await world.git(['show', 'main:shared.txt'])).toBe('one of both\n');
    expect((await world.git(['log', '--format=%s', 'main'])).trim().split('\n')).toHaveLength(4);
  });

  it('is asked for where a replay would lose work, and where a branch can’t be moved forward', SLOW, async () => {
    const { worktree } = await spawnOne(world, ['t-1', '--no-wait']);
    const at = worktree ?? '';
    const commit = async (name: string, cwd = world.repo) => {
      world.write(join(cwd, name), `${name}\n`);
      await world.git(['add', name], cwd);
      await world.git(['commit', '--quiet', '--no-verify', '-m', name], cwd);
    };
    await commit('of-main.txt');
    await commit('own.txt', at);
    await world.git(['merge', '--quiet', '--no-commit', '--no-ff', 'main'], at);
    await commit('of-merge.txt', at);
    await commit('more.txt');
    await world.swarm(['wait', 'worker-1']);
    await unwatched(world);
    const about = async (task: string) =>
      (await call(world, 'task-answer', ['task', 'show', task])).task?.description ?? '';
    await queue(['add', 'worker-1', '--strategy', 'rebase']);
    expect(await queue(['run'], 1)).toMatchObject([{ state: 'returned', reason: expect.stringContaining('replayed') }]);
    await queue(['add', 'worker-1', '--strategy', 'rebase', '--rework']);
    expect(await queue(['run'], 1)).toMatchObject([{ state: 'rework', task: 'task-001' }]);
    expect(await about('1')).toMatch(/git rebase main.*nothing is lost in: of-merge\.txt\./);
    await queue(['rm', 'worker-1']);
    const { merge } = await call(world, 'merge', ['merge', 'worker-1', '--strategy', 'ff', '--rework'], { exit: 1 });
    expect(merge).toMatchObject({ state: 'conflict', files: [] });
    expect(await about('2')).toMatch(
      /^Rebase t-1 onto main \(git rebase main\): main has commits that t-1 lacks.*it\.$/,
    );
  });
});
