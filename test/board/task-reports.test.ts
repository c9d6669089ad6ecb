import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { PERSON } from '../../src/board/participants.ts';
import { addTask, addTasks } from '../../src/board/tasks/add.ts';
import { changeTask } from '../../src/board/tasks/change-task.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { editTask, removeTask } from '../../src/board/tasks/edit.ts';
import { completeTask, failTask } from '../../src/board/tasks/finish.ts';
import { taskHistory } from '../../src/board/tasks/history.ts';
import { expireLeases, releaseAllOf, renewLeases } from '../../src/board/tasks/lease.ts';
import { readTask } from '../../src/board/tasks/read.ts';
import { blockTask, reassignTask, releaseTask } from '../../src/board/tasks/release.ts';
import { TASK_STATUSES } from '../../src/board/tasks/types.ts';
import { useWorld } from '../support/world.ts';
import { add, addAgent, anna, ben, claimed, statuses, withWorldBoard } from './support.ts';

const world = useWorld();
const withBoard = (work: (board: Board) => Promise<void>) => withWorldBoard(world, work);

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
      expect(await completeTask(board, anna, '1', { summary: report.summary })).toEqual(done);
      const other = { ...report, commit: 'def456' };
      await expect(completeTask(board, anna, '1', other)).rejects.toMatchObject({ code: 'TASK_DONE' });
      await expect(completeTask(board, anna, '1', { summary: 'else' })).rejects.toMatchObject({ code: 'TASK_DONE' });
      const types = (await taskHistory(board, '1')).map(({ type }) => type);
      expect(types).toEqual(['task-created', 'task-claimed', 'task-late', 'task-done', 'task-late', 'task-late']);
    }));

  it('is kept where somebody else has finished the task meanwhile', () =>
    withBoard(async (board) => {
      await addTasks(board, PERSON, [{ description: 'one' }, { description: 'two' }]);
      for (const id of ['1', '2']) {
        await claimed(board, anna, id);
        await releaseTask(board, PERSON, id, 'took too long');
        await claimed(board, ben, id);
      }
      const done = await completeTask(board, ben, '1', { summary: 'Here.' });
      await failTask(board, ben, '2', 'no way');
      for (const [id, code] of [
        ['1', 'TASK_DONE'],
        ['2', 'TASK_FAILED'],
      ] as const) {
        const late = { summary: 'There, too.', commit: 'abc123', attempt: 1 };
        await expect(completeTask(board, anna, id, late)).rejects.toMatchObject({ code, exit: 4 });
        const kept = (await taskHistory(board, id)).at(-1);
        expect(kept).toMatchObject({ agent: 'anna', type: 'task-late', data: late });
      }
      expect(await readTask(board, '1')).toEqual(done);
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
        hint: 'swarm task show task-002',
      });
      await expect(completeTask(board, PERSON, '2', { summary: 'I did it' })).rejects.toMatchObject({
        hint: 'swarm task edit task-002 --assign person   (then complete it)',
      });
      const late = (await taskHistory(board, '2')).at(-2);
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

describe('coming back from a claim', () => {
  const lapse = async (board: Board) => {
    await board.db.updateTable('tasks').set({ lease_until: '2020-01-01T00:00:00.000Z' }).execute();
    return expireLeases(board, { agents: false });
  };

  it('waits for what was done when it was claimed, and is not any more', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      await add(board, 'two', { dependencies: ['1'] });
      await claimed(board, anna, '1');
      await completeTask(board, anna, '1', { summary: 'done' });
      await claimed(board, ben, '2');
      await releaseTask(board, PERSON, '1', 'not really done');
      expect(await lapse(board)).toMatchObject([{ status: 'blocked', reason: 'ben gave no sign of life for 30m' }]);
      expect((await claimTask(board, ben, { id: '2' })).reason).toBe('task-002 is blocked: waits for task-001');
      await completeTask(board, anna, '1', { summary: 'now it is' });
      expect(await claimed(board, ben, '2')).toBe('task-002');
    }));

  it('waits for what it was made to wait for meanwhile, also when its agent died', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      await add(board, 'two');
      await claimed(board, ben, '1');
      await editTask(board, PERSON, '1', { dependencies: ['2'] });
      expect(await releaseAllOf(board, ben.id, 'ben died', { stranded: true })).toMatchObject([
        { status: 'blocked', reason: 'ben died' },
      ]);
      expect(await claimed(board, ben)).toBe('task-002');
    }));

  it('is given to nobody where an earlier swarm had put it back too early', () =>
    withBoard(async (board) => {
      await add(board, 'one');
      await add(board, 'two', { dependencies: ['1'], priority: 1 });
      await board.db.updateTable('tasks').set({ status: 'available' }).where('id', '=', 'task-002').execute();
      expect((await claimTask(board, anna, { id: '2' })).reason).toBe('task-002 waits for task-001');
      expect(await claimed(board, anna)).toBe('task-001');
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

  it('gives no running task the files of another one that runs', () =>
    withBoard(async (board) => {
      await add(board, 'all', { scope: ['src/**'] });
      await add(board, 'other', { scope: ['docs/**'] });
      await claimed(board, anna, '1');
      await claimed(board, ben, '2');
      const scope = ['src/api/**'];
      await expect(editTask(board, PERSON, '2', { scope, priority: 1 })).rejects.toMatchObject({
        code: 'TASK_OVERLAPS',
        exit: 4,
        message: "task-002 can't have that scope: with that it touches files of what runs: task-001 (anna).",
      });
      expect(await readTask(board, '2')).toMatchObject({ scope: ['docs/**'], priority: 3 });
      expect(await editTask(board, PERSON, '2', { scope: ['docs/api/**'] })).toMatchObject({ scope: ['docs/api/**'] });
      const held = { edit: { scope }, status: 'blocked', reason: 'wait for the API' } as const;
      expect(await changeTask(board, PERSON, '2', held)).toMatchObject({ status: 'blocked', scope });
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
