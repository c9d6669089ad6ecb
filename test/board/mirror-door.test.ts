import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { PERSON } from '../../src/board/participants.ts';
import { addTasks } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { editTask } from '../../src/board/tasks/edit.ts';
import { failTask } from '../../src/board/tasks/finish.ts';
import { taskHistory } from '../../src/board/tasks/history.ts';
import { listTasks, readTask } from '../../src/board/tasks/read.ts';
import { releaseTask } from '../../src/board/tasks/release.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { type Files, filesIn, withMirror } from './mirror-support.ts';
import { addAgent, anna } from './support.ts';

const THREE = [
  { description: 'Create User model', priority: 1 },
  { description: 'Create login endpoint', priority: 2 },
  { description: 'Test it', dependencies: ['task-001'] },
];

describe('what is written into tasks.json', () => {
  const world = useWorld();
  const withTasks = (work: (board: Board, files: Files) => Promise<void>) =>
    withMirror(world, async (board, files) => {
      await addTasks(board, PERSON, THREE);
      await waitFor(() => files.task('task-003'), 'the tasks');
      await work(board, files);
    });
  const status = (board: Board, id: string, wanted: string) =>
    waitFor(async (see) => {
      const task = await readTask(board, id);
      return see(task).status === wanted ? task : null;
    }, `${id} to be ${wanted}`);
  const rejection = (files: Files, code: string, file?: string) =>
    waitFor((see) => see(files.rejected(file)).find((one) => one.code === code) ?? null, code);

  it('claims and finishes, as somebody who joins by that', () =>
    withTasks(async (board, files) => {
      files.edit('task-001', { status: 'claimed', claimed_by: 'terminal-2' });
      expect(await status(board, 'task-001', 'claimed')).toMatchObject({ claimedBy: 'terminal-2', attempt: 1 });
      files.write('results/task-001.md', '# Done\n\nThe model is there.\n');
      files.edit('task-001', { status: 'done' });
      expect(await status(board, 'task-001', 'done')).toMatchObject({
        claimedBy: 'terminal-2',
        result: { summary: '# Done\n\nThe model is there.', by: 'terminal-2', commit: null },
      });
      await waitFor(() => (files.task('task-003').status === 'available' ? true : null), 'what waited for it');
      expect(files.text('results/task-001.md')).toBe('# Done\n\nThe model is there.\n');
      expect(files.rejected()).toEqual([]);
      const events = await board.db.selectFrom('events').select('data').where('type', '=', 'file-edit').execute();
      expect(events.map(({ data }) => JSON.parse(data))).toMatchObject([
        { file: 'tasks.json', task: 'task-001', edit: { status: 'claimed' } },
        { file: 'tasks.json', task: 'task-001', edit: { status: 'done' } },
      ]);
    }));

  it('works by one field at a time, and by a rename', () =>
    withTasks(async (board, files) => {
      files.edit('task-001', { status: 'claimed' });
      await waitFor(() => (files.task('task-001').status === 'claimed' ? true : null), 'half of a claim');
      // Whatever else happens on the board, the half stays where it is.
      await editTask(board, PERSON, 'task-002', { priority: 5 });
      await waitFor(() => (files.task('task-002').priority === 5 ? true : null), 'the other task');
      expect(files.task('task-001')).toMatchObject({ status: 'claimed', claimed_by: null });
      files.edit('task-001', { claimed_by: 'terminal-2' });
      await status(board, 'task-001', 'claimed');
      const { tasks, ...rest } = files.tasks();
      files.swap('tasks.json', {
        ...rest,
        tasks: tasks.map((one) => (one.id === 'task-002' ? { ...one, claimed_by: 'terminal-3' } : one)),
      });
      expect(await status(board, 'task-002', 'claimed')).toMatchObject({ claimedBy: 'terminal-3' });
      files.edit('task-002', { status: 'available', claimed_by: null });
      await status(board, 'task-002', 'available');
      files.edit('task-001', { status: 'failed', reason: 'no database' });
      expect(await status(board, 'task-001', 'failed')).toMatchObject({ reason: 'no database' });
      expect(files.rejected()).toEqual([]);
    }));

  it('lets one of two have a task; the other is told', () =>
    withTasks(async (board, files) => {
      const old = files.tasks();
      const claim = (who: string) => ({
        ...old,
        tasks: old.tasks.map((one) => (one.id === 'task-001' ? { ...one, status: 'claimed', claimed_by: who } : one)),
      });
      files.swap('tasks.json', claim('terminal-2'));
      await status(board, 'task-001', 'claimed');
      // Of the same copy, a moment too late.
      files.swap('tasks.json', claim('terminal-3'));
      expect(await rejection(files, 'NOT_CLAIMED')).toMatchObject({
        task: 'task-001',
        by: 'terminal-3',
        edit: { status: 'claimed', claimed_by: 'terminal-3' },
        reason: expect.stringContaining('terminal-2'),
      });
      await waitFor(() => (files.task('task-001').claimed_by === 'terminal-2' ? true : null), 'the file put right');
      files.edit('task-001', { claimed_by: 'terminal-3' });
      expect(await rejection(files, 'NOT_YOURS')).toMatchObject({ by: 'terminal-3' });
      expect(await readTask(board, 'task-001')).toMatchObject({ claimedBy: 'terminal-2', attempt: 1 });
    }));

  it('ends no claim that its writer had not seen', () =>
    withTasks(async (board, files) => {
      await editTask(board, PERSON, 'task-003', { dependencies: [] });
      await failTask(board, PERSON, 'task-002', 'no database');
      const old = await waitFor(() => {
        const shown = files.tasks();
        return shown.tasks.map((one) => one.status).join() === 'available,failed,available' ? shown : null;
      }, 'what the writer reads');
      await releaseTask(board, PERSON, 'task-002', null);
      const ids = ['task-001', 'task-002', 'task-003'] as const;
      for (const id of ids) await claimTask(board, anna, { id });
      const held = await listTasks(board);
      await waitFor(() => (files.tasks().tasks.every((one) => one.claimed_by === 'anna') ? true : null), 'the claims');
      const edits = [{ status: 'blocked', reason: 'later' }, { status: 'available' }, { status: 'failed' }];
      files.swap('tasks.json', { ...old, tasks: old.tasks.map((one, at) => ({ ...one, ...edits[at] })) });
      const stale = await waitFor((see) => {
        const found = see(files.rejected()).filter(({ code }) => code === 'STALE');
        return found.length === 3 ? found : null;
      }, 'three refusals');
      expect(stale.map(({ task, reason }) => [task, reason])).toEqual(
        ids.map((id) => [
          id,
          'somebody else changed it as well: status is "claimed" by now, claimed_by is "anna" by now',
        ]),
      );
      expect(await listTasks(board)).toEqual(held);
      // In the words of who holds it, the same copy will do.
      const mine = old.tasks.map((one) => (one.id === ids[0] ? { ...one, status: 'failed', claimed_by: 'anna' } : one));
      files.swap('tasks.json', { ...old, tasks: mine });
      await status(board, ids[0], 'failed');
    }));

  it('changes only what its writer changed, however old the copy', () =>
    withTasks(async (board, files) => {
      const old = files.tasks();
      await claimTask(board, anna, { id: 'task-001' });
      await addTasks(board, PERSON, [{ description: 'Fourth' }]);
      await editTask(board, PERSON, 'task-003', { priority: 7 });
      await waitFor(() => files.task('task-004'), 'the fourth');
      const tasks = old.tasks.map((one) =>
        one.id === 'task-002' ? { ...one, status: 'claimed', claimed_by: 'b' } : one,
      );
      files.swap('tasks.json', { ...old, tasks });
      await status(board, 'task-002', 'claimed');
      await waitFor(() => files.task('task-004'), 'the fourth again');
      expect(await readTask(board, 'task-001')).toMatchObject({ status: 'claimed', claimedBy: 'anna' });
      expect(await readTask(board, 'task-003')).toMatchObject({ priority: 7 });
      expect(files.rejected()).toEqual([]);
      // The same without any version in it, as from somebody who writes the file anew.
      await releaseTask(board, PERSON, 'task-002', null);
      await waitFor(() => (files.task('task-002').status === 'available' ? true : null), 'given back');
      const bare = old.tasks.map(({ version: _, ...one }) =>
        one.id === 'task-002' ? { ...one, status: 'claimed', claimed_by: 'c' } : one,
      );
      files.swap('tasks.json', { tasks: bare });
      expect(await status(board, 'task-002', 'claimed')).toMatchObject({ claimedBy: 'c' });
      expect(await readTask(board, 'task-001')).toMatchObject({ claimedBy: 'anna' });
      await waitFor(() => files.task('task-004'), 'the fourth still');
      expect(files.rejected()).toEqual([]);
    }));

  it('adds and changes tasks', () =>
    withTasks(async (board, files) => {
      const now = files.tasks();
      files.write('tasks.json', {
        ...now,
        tasks: [
          ...now.tasks.map((one) =>
            one.id === 'task-002' ? { ...one, priority: 1, description: 'Login, and out' } : one,
          ),
          { id: 'docs', description: 'Write it down', dependencies: ['api'], priority: 9 },
          {
            id: 'api',
            description: 'The API',
            status: 'claimed',
            claimed_by: 'terminal-2',
            context: { files: ['src/api.ts'], hints: 'REST' },
          },
        ],
      });
      await status(board, 'api', 'claimed');
      expect(await readTask(board, 'docs')).toMatchObject({
        status: 'blocked',
        dependencies: ['api'],
        createdBy: 'files',
      });
      expect(await readTask(board, 'api')).toMatchObject({
        claimedBy: 'terminal-2',
        context: { files: ['src/api.ts'], hints: 'REST' },
      });
      expect(await readTask(board, 'task-002')).toMatchObject({ priority: 1, description: 'Login, and out' });
      await waitFor(() => files.task('docs').version, 'the new task as swarm writes it');
      expect(files.tasks().tasks.map(({ id }) => id)).toEqual(['task-001', 'task-002', 'task-003', 'api', 'docs']);
      expect(files.rejected()).toEqual([]);
    }));

  it.each<[string, string, (files: Files) => void]>([
    ['a status of another language', 'BAD_FIELD', (files) => files.edit('task-001', { status: 'in_progress' })],
    ['a priority in words', 'BAD_FIELD', (files) => files.edit('task-001', { priority: 'high' })],
    ['a description that says nothing', 'BAD_FIELD', (files) => files.edit('task-001', { description: ' ' })],
    [
      'a name that can’t be one',
      'BAD_NAME',
      (files) => files.edit('task-001', { status: 'claimed', claimed_by: 'a b' }),
    ],
    ['a task that waits', 'NOT_CLAIMED', (files) => files.edit('task-003', { status: 'claimed', claimed_by: 'b' })],
    ['done by nobody', 'NOT_CLAIMED', (files) => files.edit('task-001', { status: 'done' })],
    [
      'done by one who did not claim it',
      'NOT_YOURS',
      (files) => files.edit('task-001', { status: 'done', claimed_by: 'b' }),
    ],
    ['a ring', 'CYCLE', (files) => files.edit('task-001', { dependencies: ['task-003'] })],
    ['an unknown dependency', 'NO_SUCH_TASK', (files) => files.edit('task-001', { dependencies: ['nope'] })],
    ['a path out of the repository', 'BAD_TASK', (files) => files.edit('task-001', { scope: ['../x'] })],
    ['another id', 'ID_CHANGED', (files) => files.edit('task-001', { id: 'mine' })],
    [
      'a task left out',
      'TASK_LEFT_OUT',
      (files) => files.write('tasks.json', { ...files.tasks(), tasks: files.tasks().tasks.slice(1) }),
    ],
    [
      'a task twice',
      'TASK_TWICE',
      (files) =>
        files.write('tasks.json', { ...files.tasks(), tasks: [...files.tasks().tasks, files.task('task-001')] }),
    ],
    [
      'no id',
      'NO_ID',
      (files) => files.write('tasks.json', { ...files.tasks(), tasks: [...files.tasks().tasks, { description: 'x' }] }),
    ],
    [
      'an id that leads elsewhere',
      'BAD_TASK',
      (files) =>
        files.write('tasks.json', {
          ...files.tasks(),
          tasks: [...files.tasks().tasks, { id: '../x', description: 'x' }],
        }),
    ],
    ['half a file', 'BAD_JSON', (files) => files.write('tasks.json', files.text('tasks.json').slice(0, 200))],
    ['nothing', 'BAD_JSON', (files) => files.write('tasks.json', '')],
    ['something else', 'BAD_JSON', (files) => files.write('tasks.json', '[1, 2]')],
  ])('is put right again: %s', (_, code, edit) =>
    withTasks(async (board, files) => {
      const [before, tasks] = [await listTasks(board), files.tasks().tasks];
      edit(files);
      expect((await rejection(files, code)).reason).not.toBe('');
      await waitFor((see) => {
        expect(see(files.tasks().tasks)).toEqual(tasks);
        return true;
      }, 'the file put right');
      expect(await listTasks(board)).toEqual(before);
    }),
  );

  it('takes tasks by names that mean something to machines', () =>
    withTasks(async (board, files) => {
      const now = files.tasks();
      const ids = ['constructor', 'toString', '__proto__', 'con'];
      const tasks = [...now.tasks, ...ids.map((id) => ({ id, description: `What ${id} is` }))];
      files.write('tasks.json', { ...now, tasks });
      await status(board, 'con', 'available');
      expect(await rejection(files, 'BAD_TASK')).toMatchObject({ task: '__proto__' });
      await waitFor(() => files.task('constructor').version, 'the file');
      files.edit('constructor', { status: 'claimed', claimed_by: 'toString' });
      expect(await status(board, 'constructor', 'claimed')).toMatchObject({ claimedBy: 'toString' });
      files.write('tasks.json', `{"tasks": ${'['.repeat(5000)}${']'.repeat(5000)}}`);
      await rejection(files, 'BAD_JSON');
      await waitFor(() => files.task('constructor'), 'the file put right');
    }));

  it('takes the good edits beside the bad', () =>
    withTasks(async (board, files) => {
      const now = files.tasks();
      const tasks = now.tasks.map((one) =>
        one.id === 'task-001' ? { ...one, status: 'claimed', claimed_by: 'a' } : { ...one, status: 'started' },
      );
      files.write('tasks.json', {
        ...now,
        tasks: [...tasks, { id: 'x', description: 'X' }, { id: 'y', description: 'Y', dependencies: ['y'] }],
      });
      await status(board, 'task-001', 'claimed');
      await status(board, 'x', 'available');
      await rejection(files, 'CYCLE');
      expect(files.rejected().map(({ task, code }) => [task, code])).toEqual([
        ['task-002', 'BAD_FIELD'],
        ['task-003', 'BAD_FIELD'],
        ['y', 'CYCLE'],
      ]);
    }));

  it('counts late, while nobody else has the task', () =>
    withTasks(async (board, files) => {
      files.edit('task-001', { status: 'claimed', claimed_by: 'a' });
      await status(board, 'task-001', 'claimed');
      const old = files.tasks();
      await releaseTask(board, PERSON, 'task-001', 'took too long');
      await waitFor(() => (files.task('task-001').status === 'available' ? true : null), 'given back');
      files.write('results/task-001.md', 'After all.');
      files.swap('tasks.json', {
        ...old,
        tasks: old.tasks.map((one) => (one.id === 'task-001' ? { ...one, status: 'done' } : one)),
      });
      expect(await status(board, 'task-001', 'done')).toMatchObject({ result: { summary: 'After all.', by: 'a' } });
    }));

  it('may be claimed and finished at one stroke, with a report to show', () =>
    withTasks(async (board, files) => {
      files.write('results/task-002.md', 'Quick.');
      files.edit('task-002', { status: 'done', claimed_by: 'a' });
      expect(await status(board, 'task-002', 'done')).toMatchObject({
        attempt: 1,
        result: { summary: 'Quick.', by: 'a' },
      });
    }));

  it('takes a report that comes after the word', () =>
    withTasks(async (board, files) => {
      files.edit('task-001', { status: 'claimed', claimed_by: 'a' });
      await status(board, 'task-001', 'claimed');
      files.edit('task-001', { status: 'done' });
      expect(await status(board, 'task-001', 'done')).toMatchObject({ result: { summary: '(no report was written)' } });
      await waitFor(() => (files.has('results/task-001.md') ? true : null), 'what stands for a report');
      files.write('results/task-001.md', 'Here it is.\n');
      await waitFor(
        async () => ((await readTask(board, 'task-001')).result?.summary === 'Here it is.' ? true : null),
        'the report',
      );
      expect(files.text('results/task-001.md')).toBe('Here it is.\n');
      const types = (await taskHistory(board, 'task-001')).map(({ type }) => type);
      expect(types).toEqual(['task-created', 'task-claimed', 'task-done', 'task-result']);
    }));

  it('speaks for an agent by its name, and says that it came by file', () =>
    withTasks(async (board, files) => {
      const { id } = await addAgent(board, 'worker-1', 1);
      files.edit('task-001', { status: 'claimed', claimed_by: 'worker-1' });
      await status(board, 'task-001', 'claimed');
      const row = await board.db
        .selectFrom('tasks')
        .select('claimed_by')
        .where('id', '=', 'task-001')
        .executeTakeFirst();
      expect(row).toEqual({ claimed_by: id });
    }));

  it('waits for who takes the lock', () =>
    withTasks(async (board, files) => {
      const lock = join(files.path, 'communication/locks/tasks.json.lock');
      mkdirSync(lock);
      files.edit('task-001', { status: 'claimed', claimed_by: 'a' });
      await addTasks(board, PERSON, [{ description: 'Fourth' }]);
      const seen = Date.now();
      await waitFor(() => (Date.now() - seen > 700 ? true : null), 'a while');
      expect(await readTask(board, 'task-001')).toMatchObject({ status: 'available' });
      expect(files.tasks().tasks).toHaveLength(3);
      rmSync(lock, { recursive: true });
      await status(board, 'task-001', 'claimed');
      await waitFor(() => files.task('task-004'), 'the fourth');
    }));

  it('counts after swarm was away, against what it wrote last', async () => {
    await withTasks(async () => {});
    await withMirror(world, async (board, files) => {
      expect(files.tasks().tasks).toHaveLength(3);
      await status(board, 'task-001', 'available');
    });
    const files = filesIn(join(world.repo, '.coordination'));
    files.edit('task-001', { status: 'claimed', claimed_by: 'terminal-2' });
    await withMirror(world, async (board) => {
      expect(await status(board, 'task-001', 'claimed')).toMatchObject({ claimedBy: 'terminal-2' });
    });
  });
});
