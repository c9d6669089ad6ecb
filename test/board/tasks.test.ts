import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { PERSON } from '../../src/board/participants.ts';
import { addTask, addTasks } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { editTask, removeTask } from '../../src/board/tasks/edit.ts';
import { completeTask, failTask } from '../../src/board/tasks/finish.ts';
import { taskHistory } from '../../src/board/tasks/history.ts';
import { listTasks, readTask } from '../../src/board/tasks/read.ts';
import { releaseTask } from '../../src/board/tasks/release.ts';
import type { TaskWish } from '../../src/board/tasks/types.ts';
import { useWorld } from '../support/world.ts';
import { add, anna, ben, claimed, statuses, withWorldBoard } from './support.ts';

const world = useWorld();
const withBoard = (work: (board: Board) => Promise<void>) => withWorldBoard(world, work);

describe('adding', () => {
  it('numbers tasks, keeps what they say, and lists them as they would be claimed', () =>
    withBoard(async (board) => {
      const first = await add(board, 'Later');
      expect(first).toMatchObject({
        id: 'task-001',
        status: 'available',
        priority: 3,
        createdBy: 'person',
        version: 1,
      });
      const context = { files: ['src/a.ts'], hints: 'look there' };
      const second = await add(board, 'First', { priority: 1, context, scope: ['src/**'], needs: ['claude'] });
      expect(second).toMatchObject({ id: 'task-002', context, scope: ['src/**'], needs: ['claude'] });
      expect((await listTasks(board)).map(({ id }) => id)).toEqual(['task-002', 'task-001']);
      expect(await readTask(board, '1')).toEqual(first);
      await expect(readTask(board, 'task-01')).rejects.toMatchObject({ code: 'NO_SUCH_TASK', exit: 3 });
    }));

  it('gives no id twice: neither one that was removed, nor one that somebody chose', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      await add(board, 'two');
      await removeTask(board, PERSON, '2');
      expect(await add(board, 'three')).toMatchObject({ id: 'task-003' });
      for (const id of ['1', '3']) await removeTask(board, PERSON, id);
      await addTasks(board, PERSON, [{ id: 'task-006', description: 'six' }]);
      await removeTask(board, PERSON, '6');
      const more = await addTasks(board, PERSON, [{ description: 'five' }, { description: 'seven' }]);
      expect(more.map(({ id }) => id)).toEqual(['task-005', 'task-007']);
      // Somebody puts it back by its name: then it is the same.
      await addTasks(board, PERSON, [{ id: 'task-006', description: 'six' }]);
      expect((await taskHistory(board, '6')).map(({ type }) => type)).toEqual([
        'task-created',
        'task-removed',
        'task-created',
      ]);
    }));

  it('takes all or none, in any order of their dependencies', () =>
    withBoard(async (board) => {
      const wishes = [
        { id: 'b', description: 'second', dependencies: ['a'] },
        { id: 'a', description: 'first' },
        { description: 'third', dependencies: ['b', 'a', 'a'] },
      ];
      const tasks = await addTasks(board, PERSON, wishes);
      expect(tasks.map(({ id, status, reason }) => [id, status, reason])).toEqual([
        ['b', 'blocked', 'waits for a'],
        ['a', 'available', null],
        ['task-003', 'blocked', 'waits for a, b'],
      ]);
      const broken = [{ description: 'fine' }, { description: 'not', dependencies: ['nowhere'] }];
      await expect(addTasks(board, PERSON, broken)).rejects.toMatchObject({ code: 'NO_SUCH_TASK' });
      const next = [{ description: 'its number', dependencies: ['4'] }];
      await expect(addTasks(board, PERSON, next)).rejects.toMatchObject({ code: 'NO_SUCH_TASK' });
      const beside = [
        { description: 'by number', dependencies: ['9'] },
        { id: 'task-009', description: 'nine' },
      ];
      expect((await addTasks(board, PERSON, beside)).map(({ dependencies }) => dependencies)).toEqual([
        ['task-009'],
        [],
      ]);
      await expect(addTasks(board, PERSON, [{ id: 'a', description: 'again' }])).rejects.toMatchObject({
        code: 'TASK_EXISTS',
      });
      expect(await listTasks(board)).toHaveLength(5);
    }));

  it('refuses what would wait for itself, by name', () =>
    withBoard(async (board) => {
      const ring = [
        { id: 'a', description: 'a', dependencies: ['c'] },
        { id: 'b', description: 'b', dependencies: ['a'] },
        { id: 'c', description: 'c', dependencies: ['b'] },
      ];
      await expect(addTasks(board, PERSON, ring)).rejects.toMatchObject({
        code: 'CYCLE',
        exit: 2,
        message: expect.stringContaining('a → c → b → a'),
      });
      await add(board, 'one');
      await add(board, 'two', { dependencies: ['1'] });
      await expect(editTask(board, PERSON, '1', { dependencies: ['2'] })).rejects.toMatchObject({ code: 'CYCLE' });
      expect(await statuses(board)).toEqual({ 'task-001': 'available', 'task-002': 'blocked' });
    }));

  it.each<[string, TaskWish]>([
    ['no words', { description: ' \n' }],
    ['a NUL', { description: 'a\0b' }],
    ['too many words', { description: 'x'.repeat(20_001) }],
    ['a priority that is none', { description: 'x', priority: 0 }],
    ['half a priority', { description: 'x', priority: 1.5 }],
    ['a file outside', { description: 'x', context: { files: ['../secret'] } }],
    ['a scope outside', { description: 'x', scope: ['/etc/**'] }],
    ['too many patterns', { description: 'x', scope: Array.from({ length: 101 }, (_, at) => `src/${at}`) }],
    ['a pattern that is too long', { description: 'x', scope: ['*a'.repeat(126)] }],
    ['an empty dependency', { description: 'x', dependencies: [''] }],
  ])('refuses %s', (_name, wish) =>
    withBoard(async (board) => {
      await expect(async () => addTask(board, PERSON, wish)).rejects.toMatchObject({ code: 'BAD_TASK', exit: 2 });
      expect(await listTasks(board)).toEqual([]);
    }),
  );
});

describe('claiming', () => {
  it('gives each to one, by priority and then age, and says why there is none', () =>
    withBoard(async (board) => {
      expect(await claimTask(board, anna)).toEqual({ task: null, reason: 'there are no tasks' });
      await add(board, 'one');
      await add(board, 'two', { priority: 1 });
      expect(await claimed(board, anna)).toBe('task-002');
      expect(await claimed(board, ben)).toBe('task-001');
      expect(await claimTask(board, PERSON)).toEqual({ task: null, reason: 'no task is available: 2 claimed' });
      expect(await claimTask(board, PERSON, { id: '1' })).toEqual({ task: null, reason: 'task-001 is claimed by ben' });
      expect(await readTask(board, '2')).toMatchObject({ claimedBy: 'anna', attempt: 1, status: 'claimed' });
    }));

  it('gives whoever asks again the one it holds', () =>
    withBoard(async (board) => {
      await addTasks(board, PERSON, [{ description: 'one' }, { description: 'two' }]);
      expect(await claimed(board)).toBe('task-001');
      expect(await claimed(board)).toBe('task-001');
      expect((await readTask(board, '1')).attempt).toBe(1);
      expect(await claimed(board, anna, '2')).toBe('task-002');
    }));

  it('waits for dependencies, also for one that was done and isn’t', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      await add(board, 'two', { dependencies: ['1'] });
      await claimTask(board, anna);
      expect(await claimTask(board, ben, { id: '2' })).toMatchObject({
        reason: 'task-002 is blocked: waits for task-001',
      });
      await completeTask(board, anna, '1', { summary: 'done' });
      expect(await statuses(board)).toMatchObject({ 'task-002': 'available' });
      await releaseTask(board, PERSON, '1', 'it is not');
      expect(await readTask(board, '1')).toMatchObject({ status: 'available', result: null, reason: 'it is not' });
      expect(await statuses(board)).toMatchObject({ 'task-002': 'blocked' });
      await claimTask(board, anna);
      await failTask(board, anna, '1', 'no way');
      expect(await readTask(board, '2')).toMatchObject({ status: 'blocked', reason: 'waits for task-001 (failed)' });
    }));

  it('changes the version of what another one’s end makes available, and takes back', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      await add(board, 'two', { dependencies: ['1'] });
      const two = () => readTask(board, '2');
      const blocked = await two();
      await claimTask(board, anna);
      expect(await two()).toEqual(blocked);
      await completeTask(board, anna, '1', { summary: 'done' });
      const available = await two();
      expect(available).toMatchObject({ status: 'available', version: blocked.version + 1 });
      await releaseTask(board, PERSON, '1', 'it is not');
      expect(await two()).toMatchObject({ status: 'blocked', version: available.version + 1 });
    }));

  it('asks for capabilities, and holds back what touches files of a running task', () =>
    withBoard(async (board) => {
      await add(board, 'special', { needs: ['rust', 'gpu'] });
      await add(board, 'api', { scope: ['src/api/**', 'docs/api.md'] });
      await add(board, 'route', { scope: ['src/api/route.ts'] });
      await add(board, 'other', { scope: ['src/web'] });
      expect(await claimTask(board, anna, { id: '1' })).toMatchObject({ reason: 'task-001 needs gpu, rust' });
      expect(await claimed(board, anna)).toBe('task-002');
      expect(await claimTask(board, ben, { id: '3' })).toMatchObject({
        reason: 'task-003 touches files of what runs: task-002 (anna)',
      });
      expect(await claimed(board, ben)).toBe('task-004');
      const able = await claimTask(board, PERSON, { capabilities: ['gpu', 'rust'] });
      expect(able.task?.id).toBe('task-001');
      await completeTask(board, anna, '2', { summary: 'ok' });
      expect(await claimed(board, anna)).toBe('task-003');
    }));

  it('holds back what touches files of a task that was over when it came, and is begun anew', () =>
    withBoard(async (board) => {
      for (const [one, two, finish] of [
        ['1', '2', () => completeTask(board, anna, '1', { summary: 'ok' })],
        ['3', '4', () => failTask(board, anna, '3', 'no way')],
      ] as const) {
        await add(board, 'all', { scope: [`${one}/**`] });
        await claimed(board, anna, one);
        await finish();
        await add(board, 'a part', { scope: [`${one}/api/**`] });
        await releaseTask(board, PERSON, one, 'once more');
        expect(await claimed(board, anna, one)).toBe(`task-00${one}`);
        expect(await claimed(board, ben, two)).toBeNull();
      }
    }));

  it('goes by the scope that a task has now', () =>
    withBoard(async (board) => {
      await add(board, 'all', { scope: ['src/**'] });
      await add(board, 'a part', { scope: ['src/api/**'] });
      await claimed(board, anna, '1');
      await editTask(board, PERSON, '2', { scope: ['docs/**', 'test/**'] });
      expect(await claimed(board, ben, '2')).toBe('task-002');
      await add(board, 'another', { scope: ['lib/**'] });
      await editTask(board, PERSON, '3', { scope: ['test/a.ts'] });
      expect((await claimTask(board, PERSON, { id: '3' })).reason).toBe(
        'task-003 touches files of what runs: task-002 (ben)',
      );
    }));
});
