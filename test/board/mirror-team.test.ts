import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { readPlan } from '../../src/board/plan.ts';
import { listTasks } from '../../src/board/tasks/read.ts';
import { call } from '../e2e/support.ts';
import { use, withMcp } from '../mcp/support.ts';
import { nodeFolder, root, start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { type Files, filesIn } from './mirror-support.ts';
import { withWorldBoard } from './support.ts';

/** A REST API is built (the seeds' example) by those who know no swarm, and by those who do. */
describe('a leader and two workers', () => {
  const world = useWorld();
  const folder = () => join(world.repo, '.coordination');
  const script = (name: string, ...args: string[]) =>
    start([join(nodeFolder, 'node'), join(root, 'test/board/fixtures', name), folder(), ...args], {
      cwd: world.repo,
      env: { ...world.env },
    });

  async function live(): Promise<() => Promise<void>> {
    const live = world.start(['task', 'export', '--live']);
    await waitFor((see) => (see(live.stderr()).includes('takes what is written') ? true : null), 'the mirror');
    return async () => {
      live.child.kill('SIGINT');
      expect((await live.result).exitCode).toBe(130);
    };
  }

  /** All is done, each once, and no sooner than what it waits for. */
  async function expectAllDone(board: Board): Promise<void> {
    const tasks = await listTasks(board);
    expect(tasks.map(({ id, status, attempt }) => [id, status, attempt])).toEqual(
      tasks.map(({ id }) => [id, 'done', 1]),
    );
    for (const task of tasks) {
      const before = tasks.filter(({ id }) => task.dependencies.includes(id));
      for (const one of before) expect((one.doneAt ?? '') <= (task.doneAt ?? '')).toBe(true);
    }
  }

  function expectFiles(files: Files): void {
    expect(files.tasks().tasks.map(({ status }) => status)).toEqual(Array(6).fill('done'));
    for (const { id, claimed_by: by, description } of files.tasks().tasks) {
      expect(files.text(`results/${id}.md`)).toContain(`${description}: done by ${by}.`);
    }
  }

  it('finish with nothing but files', async () => {
    const leader = script('file-leader.ts');
    await waitFor(() => (filesIn(folder()).tasks().tasks.length === 6 ? true : null), 'the plan');
    const end = await live();
    const workers = ['terminal-2', 'terminal-3'].map((name) => script('file-worker.ts', name));
    const ended = await Promise.all([leader, ...workers].map(({ result }) => result));
    expect(ended.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(Array(3).fill([0, '']));
    await withWorldBoard(world, async (board) => {
      expect(await readPlan(board)).toMatchObject({ goal: 'Build a REST API' });
      await expectAllDone(board);
      const done = ended.slice(1).flatMap(({ stdout }) => stdout.trim().split('\n').filter(Boolean));
      expect(done.sort()).toEqual((await listTasks(board)).map(({ id }) => id).sort());
    });
    await waitFor(
      () =>
        filesIn(folder())
          .tasks()
          .tasks.every(({ status }) => status === 'done')
          ? true
          : null,
      'the file',
    );
    expectFiles(filesIn(folder()));
    await end();
    expect(await world.git(['status', '--porcelain', '--untracked-files=all'])).toBe('');
  });

  it('finish mixed: by the command line, by files and over MCP', async () => {
    const end = await live();
    await withMcp(world, {}, async ({ client }) => {
      await use(client, 'init_coordination', { goal: 'Build a REST API', plan: 'The model first.' });
    });
    const add = (text: string, ...more: string[]) => call(world, 'task-answer', ['task', 'add', text, ...more]);
    await add('Create User model', '--priority', '1');
    await add('Create login endpoint', '--depends', '1');
    await add('Create logout endpoint', '--depends', '1');
    await add('Write the tests', '--depends', '2', '--depends', '3');
    await add('Write the documentation');
    await add('Set up continuous integration');
    await waitFor(() => (filesIn(folder()).tasks().tasks.length === 6 ? true : null), 'the tasks');
    const byFiles = script('file-worker.ts', 'terminal-2');
    const byMcp = await withMcp(world, { args: ['--as', 'terminal-4'] }, async ({ client }) => {
      const mine: string[] = [];
      for (;;) {
        const { task } = await use<{ task: { id: string; description: string } | null }>(client, 'claim_task');
        if (task !== null) {
          const result = `${task.description}: done by terminal-4.`;
          await use(client, 'complete_task', { task_id: task.id, result });
          mine.push(task.id);
        } else if (
          filesIn(folder())
            .tasks()
            .tasks.every(({ status }) => status === 'done')
        )
          return mine;
      }
    });
    const ended = await byFiles.result;
    expect([ended.exitCode, ended.stderr]).toEqual([0, '']);
    const all = [...byMcp, ...ended.stdout.trim().split('\n').filter(Boolean)];
    await withWorldBoard(world, async (board) => {
      await expectAllDone(board);
      expect(all.sort()).toEqual((await listTasks(board)).map(({ id }) => id).sort());
    });
    await waitFor(() => {
      expectFiles(filesIn(folder()));
      return true;
    }, 'the reports');
    await end();
  });

  it('share a task between the doors: made here, claimed there, finished elsewhere', async () => {
    const end = await live();
    await call(world, 'task-answer', ['task', 'add', 'Create User model']);
    await withMcp(world, { args: ['--as', 'terminal-2'] }, async ({ client }) => {
      expect(await use(client, 'claim_task', { task_id: 'task-001' })).toMatchObject({
        task: { claimed_by: 'terminal-2' },
      });
    });
    const files = filesIn(folder());
    await waitFor(() => (files.task('task-001').status === 'claimed' ? true : null), 'the claim');
    files.write('results/task-001.md', 'It is there.');
    files.edit('task-001', { status: 'done' });
    await waitFor(async () => {
      const { task } = await call(world, 'task-answer', ['task', 'show', 'task-001']);
      expect(task).toMatchObject({
        status: 'done',
        claimedBy: 'terminal-2',
        attempt: 1,
        result: { summary: 'It is there.' },
      });
      return true;
    }, 'the end');
    await end();
  });
});
