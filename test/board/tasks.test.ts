import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { TEXT_LIMIT } from '../../src/board/messages/limits.ts';
import { PERSON } from '../../src/board/participants.ts';
import { addTask, addTasks } from '../../src/board/tasks/add.ts';
import { assignmentPayload } from '../../src/board/tasks/assignment.ts';
import { changeTask } from '../../src/board/tasks/change-task.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { editTask, removeTask } from '../../src/board/tasks/edit.ts';
import { completeTask, failTask } from '../../src/board/tasks/finish.ts';
import { taskHistory } from '../../src/board/tasks/history.ts';
import { expireLeases, releaseAllOf, renewLeases } from '../../src/board/tasks/lease.ts';
import { listTasks, readTask } from '../../src/board/tasks/read.ts';
import { blockTask, reassignTask, releaseTask } from '../../src/board/tasks/release.ts';
import { TASK_STATUSES, type TaskWish } from '../../src/board/tasks/types.ts';
import { useWorld } from '../support/world.ts';
import { addAgent, anna, ben, withWorldBoard } from './support.ts';

const world = useWorld();
const withBoard = (work: (board: Board) => Promise<void>) => withWorldBoard(world, work);
const add = (board: Board, description: string, wish: Partial<TaskWish> = {}) =>
  addTask(board, PERSON, { description, ...wish });
const claimed = async (board: Board, by = anna, id?: string) => (await claimTask(board, by, { id })).task?.id ?? null;
const statuses = async (board: Board) =>
  Object.fromEntries((await listTasks(board)).map(({ id, status }) => [id, status]));

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
      await expect(addTasks(board, PERSON, [{ id: 'a', description: 'again' }])).rejects.toMatchObject({
        code: 'TASK_EXISTS',
      });
      expect(await listTasks(board)).toHaveLength(3);
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

describe('giving', () => {
  it('says to programs what fits into a message', () =>
    withBoard(async (board) => {
      const place = { branch: 'b', worktree: '/w' };
      const hints = '"'.repeat(20_000);
      const task = await add(board, '語'.repeat(20_000), { context: { hints } });
      const payload = assignmentPayload(task, place, { into: 'main' });
      expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThan(TEXT_LIMIT);
      expect(payload).toMatchObject({ ...{ branch: 'b', workingDirectory: '/w', into: 'main' }, context: [] });
    }));
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

describe('reporting', () => {
  it('counts from who holds it, once, and frees nobody else’s', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      await claimTask(board, anna);
      await expect(completeTask(board, ben, '1', { summary: 'mine!' })).rejects.toMatchObject({
        code: 'NOT_YOURS',
        exit: 4,
      });
      await expect(failTask(board, ben, '1', 'no')).rejects.toMatchObject({ code: 'NOT_YOURS' });
      await expect(releaseTask(board, ben, '1', null)).rejects.toMatchObject({ code: 'NOT_YOURS' });
      const report = { summary: 'All routes answer.', commit: 'abc123' };
      const done = await completeTask(board, anna, '1', report);
      expect(done).toMatchObject({
        status: 'done',
        claimedBy: 'anna',
        leaseUntil: null,
        result: { ...report, by: 'anna' },
      });
      expect(await completeTask(board, anna, '1', report)).toEqual(done);
      await expect(completeTask(board, anna, '1', { summary: 'else' })).rejects.toMatchObject({ code: 'TASK_DONE' });
      const types = (await taskHistory(board, '1')).map(({ type }) => type);
      expect(types).toEqual(['task-created', 'task-claimed', 'task-late', 'task-done']);
    }));

  it('counts late while nobody else has claimed, and is kept where somebody has', () =>
    withBoard(async (board) => {
      await addTasks(board, PERSON, [{ description: 'one' }, { description: 'two' }]);
      for (const id of ['1', '2']) await claimTask(board, anna, { id });
      expect(await expireLeases({ ...board, lease: 0 }, { agents: false })).toEqual([]);
      await board.db.updateTable('tasks').set({ lease_until: '2020-01-01T00:00:00.000Z' }).execute();
      const back = await expireLeases(board, { agents: false });
      expect(back.map(({ id, reason }) => [id, reason])).toEqual([
        ['task-001', 'anna gave no sign of life for 30m'],
        ['task-002', 'anna gave no sign of life for 30m'],
      ]);
      await claimTask(board, ben, { id: '2' });
      expect(await completeTask(board, anna, '1', { summary: 'late' })).toMatchObject({ status: 'done' });
      await expect(completeTask(board, anna, '2', { summary: 'late too' })).rejects.toMatchObject({
        message: 'task-002 is claimed by ben: nobody else can complete it.',
      });
      const late = (await taskHistory(board, '2')).at(-1);
      expect(late).toMatchObject({ agent: 'anna', type: 'task-late', data: { summary: 'late too' } });
    }));

  it('is in the history of that task, and in no other’s whose name is much like its', () =>
    withBoard(async (board) => {
      const ids = ['a_1', 'ab1', 'A_1', 'a-1'];
      await addTasks(
        board,
        PERSON,
        ids.map((id) => ({ id, description: `is "task":"a_1" of ${id}` })),
      );
      await claimed(board, anna, 'ab1');
      await claimed(board, ben, 'A_1');
      const types = async (id: string) => (await taskHistory(board, id)).map(({ type, agent }) => `${type} ${agent}`);
      expect(await types('a_1')).toEqual(['task-created person']);
      expect(await types('ab1')).toEqual(['task-created person', 'task-claimed anna']);
      expect(await types('A_1')).toEqual(['task-created person', 'task-claimed ben']);
    }));

  it('of an earlier attempt does not end a later one', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      await claimTask(board, anna);
      await releaseTask(board, anna, '1', 'tired');
      expect((await claimTask(board, anna)).task?.attempt).toBe(2);
      const stale = [
        () => completeTask(board, anna, '1', { summary: 'x', attempt: 1 }),
        () => failTask(board, anna, '1', 'x', 1),
        () => blockTask(board, anna, '1', 'x', 1),
        () => releaseTask(board, anna, '1', 'x', 1),
        () => releaseTask(board, PERSON, '1', 'x', 1),
      ];
      const mine = await readTask(board, '1');
      for (const late of stale) {
        await expect(late()).rejects.toMatchObject({
          code: 'STALE_ATTEMPT',
          exit: 4,
          message: 'task-001 is at attempt 2 now (claimed by anna), not at attempt 1: nothing was changed.',
          details: { task: 'task-001', attempt: 2, status: 'claimed', claimedBy: 'anna' },
        });
      }
      expect(await readTask(board, '1')).toEqual(mine);
      const history = await taskHistory(board, '1');
      expect(history.at(-1)).toMatchObject({ type: 'task-late', data: { summary: 'x', attempt: 1 } });
      expect(await completeTask(board, anna, '1', { summary: 'x', attempt: 2 })).toMatchObject({ status: 'done' });
    }));

  it('of an earlier attempt does not end what waits in the queue again', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      for (const _ of [1, 2]) {
        await claimTask(board, anna);
        await releaseTask(board, anna, '1', 'tired');
      }
      await expect(completeTask(board, anna, '1', { summary: 'x', attempt: 1 })).rejects.toMatchObject({
        code: 'STALE_ATTEMPT',
        message: 'task-001 is at attempt 2 now (available), not at attempt 1: nothing was changed.',
      });
      expect(await completeTask(board, anna, '1', { summary: 'x', attempt: 2 })).toMatchObject({ status: 'done' });
    }));
});

describe('leases', () => {
  it('are the supervisor’s to end for agents, and renewed by a sign of life', () =>
    withBoard(async (board) => {
      const worker = await addAgent(board, 'worker-1', 1);
      await add(board, 'one');
      await claimTask(board, worker);
      const expire = () => board.db.updateTable('tasks').set({ lease_until: '2020-01-01T00:00:00.000Z' }).execute();
      await expire();
      expect(await expireLeases(board, { agents: false })).toEqual([]);
      await renewLeases(board, worker.id);
      expect(await expireLeases(board, { agents: true })).toEqual([]);
      await expire();
      expect(await expireLeases(board, { agents: true })).toMatchObject([{ id: 'task-001', status: 'available' }]);
      await claimTask(board, worker);
      expect(await releaseAllOf(board, worker.id, 'worker-1 crashed')).toMatchObject([{ reason: 'worker-1 crashed' }]);
    }));
});

describe('coming back', () => {
  it('counts as stranded when a claim lapsed or its agent died, until a leader puts it back', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      const strandings = async () => (await readTask(board, '1')).strandings;
      await claimTask(board, anna);
      await releaseTask(board, anna, '1', 'tired');
      await claimTask(board, anna);
      await releaseAllOf(board, anna.id, 'anna was stopped');
      expect(await strandings()).toBe(0);
      await claimTask(board, anna);
      await board.db.updateTable('tasks').set({ lease_until: '2020-01-01T00:00:00.000Z' }).execute();
      await expireLeases(board, { agents: false });
      await claimTask(board, ben);
      await releaseAllOf(board, ben.id, 'ben is failed', { stranded: true });
      await claimTask(board, anna);
      await releaseTask(board, anna, '1', 'tired');
      expect(await readTask(board, '1')).toMatchObject({ strandings: 2, attempt: 5 });
      const history = await taskHistory(board, '1');
      expect(history.flatMap(({ agent, data }) => (data['by'] === 'swarm' ? [agent] : []))).toEqual(['anna', 'ben']);
      await failTask(board, PERSON, '1', 'no way');
      expect(await releaseTask(board, PERSON, '1', 'mended')).toMatchObject({ strandings: 0, attempt: 5 });
    }));
});

describe('a leader', () => {
  it('overrides: gives a task to somebody, holds it back, changes and removes it', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      await add(board, 'two', { dependencies: ['1'] });
      await claimTask(board, anna);
      expect(await reassignTask(board, PERSON, '1', ben)).toMatchObject({ claimedBy: 'ben', attempt: 2 });
      await expect(completeTask(board, anna, '1', { summary: 'x' })).rejects.toMatchObject({ code: 'NOT_YOURS' });
      await expect(reassignTask(board, PERSON, '2', ben)).rejects.toMatchObject({ code: 'TASK_BLOCKED' });
      expect(await blockTask(board, PERSON, '1', 'wait for legal')).toMatchObject({
        status: 'blocked',
        claimedBy: null,
        reason: 'wait for legal',
      });
      expect(await releaseTask(board, PERSON, '1', null)).toMatchObject({ status: 'available', reason: null });
      await expect(releaseTask(board, PERSON, '1', null)).rejects.toMatchObject({ code: 'NOT_CLAIMED' });
      await expect(removeTask(board, PERSON, '1')).rejects.toMatchObject({ code: 'TASK_IN_USE' });
      expect(await editTask(board, PERSON, '2', { dependencies: [], priority: 1 })).toMatchObject({
        status: 'available',
        priority: 1,
      });
      expect(await removeTask(board, PERSON, '1')).toMatchObject({ id: 'task-001' });
      expect(await add(board, 'three')).toMatchObject({ id: 'task-003' });
      expect(Object.keys(await statuses(board))).toEqual(['task-002', 'task-003']);
    }));

  it('changes all that it asks for, or nothing', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      await add(board, 'two', { dependencies: ['1'] });
      const before = await readTask(board, '2');
      const edit = { priority: 1 };
      for (const [change, code] of [
        [{ edit, status: 'blocked' }, 'NO_REASON'],
        [{ edit, status: 'available' }, 'NOT_CLAIMED'],
        [{ edit, assign: 'nobody' }, 'NO_SUCH_PARTICIPANT'],
        [{ edit, assign: 'person' }, 'TASK_BLOCKED'],
        [{ edit, attempt: 4 }, 'STALE_ATTEMPT'],
        [{ edit: {} }, 'NOTHING_TO_CHANGE'],
      ] as const) {
        await expect(changeTask(board, PERSON, '2', change)).rejects.toMatchObject({ code });
      }
      expect(await readTask(board, '2')).toEqual(before);
      expect(await changeTask(board, PERSON, '1', { edit, assign: 'person', attempt: 0 })).toMatchObject({
        priority: 1,
        claimedBy: 'person',
      });
      await expect(async () => blockTask(board, PERSON, '1', ' ')).rejects.toMatchObject({
        message: '1 needs a reason to hold it back: what it waits for.',
        hint: 'swarm task block 1 "Why"',
      });
      await expect(async () => failTask(board, PERSON, '1', '')).rejects.toMatchObject({ code: 'NO_REASON', exit: 2 });
    }));

  it('gives nobody what touches files of a running task, but hands on what runs', () =>
    withBoard(async (board) => {
      await add(board, 'all', { scope: ['src/**'] });
      await add(board, 'a part', { scope: ['src/api/**'] });
      await claimed(board, anna, '1');
      await expect(reassignTask(board, PERSON, '2', ben)).rejects.toMatchObject({
        code: 'TASK_OVERLAPS',
        exit: 4,
        message: "task-002 can't be begun yet: it touches files of what runs: task-001 (anna).",
        hint: expect.stringContaining('swarm task edit task-002 --scope'),
      });
      expect(await reassignTask(board, PERSON, '1', ben)).toMatchObject({ claimedBy: 'ben' });
      await editTask(board, PERSON, '2', { scope: ['docs/**'] });
      expect(await reassignTask(board, PERSON, '2', anna)).toMatchObject({ claimedBy: 'anna' });
    }));

  it('is the only one who may', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      for (const attempt of [
        () => addTask(board, anna, { description: 'mine' }),
        () => editTask(board, anna, '1', { priority: 1 }),
        () => removeTask(board, anna, '1'),
        () => reassignTask(board, anna, '1', anna),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ code: 'NOT_A_LEADER', exit: 4 });
      }
      await expect(blockTask(board, anna, '1', 'x')).rejects.toMatchObject({ code: 'NOT_YOURS' });
      expect(TASK_STATUSES).toContain((await readTask(board, '1')).status);
    }));
});
