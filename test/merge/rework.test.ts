import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SLOW } from '../crash/support.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';

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
    await complete('task-001');
    const reason = 'its rework was reported done, and its branch is as it was';
    expect(await queue(['run'], 1)).toMatchObject([{ agent: 'worker-2', state: 'returned', reason }]);
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
});
