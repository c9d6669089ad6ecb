import { expect, it } from 'vitest';
import { PERSON } from '../../src/board/participants.ts';
import { addTask } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { taskHistory } from '../../src/board/tasks/history.ts';
import { useWorld } from '../support/world.ts';
import { makeOldBoard, oldTask } from './old-board.ts';
import { openBoard, stateOf } from './own-board.ts';
import { anna, ben } from './support.ts';

const world = useWorld();

it('tasks of an older board keep their histories and their ids', async () => {
  await makeOldBoard(stateOf(world), '004-merge-queue', async (db) => {
    await db.insertInto('tasks').values(oldTask(1)).execute();
    const at = new Date().toISOString();
    for (const [type, data] of [
      ['joined', '{}'],
      ['task-created', '{"task":"task-001"}'],
      ['task-created', '{"task":"task-002"}'],
      ['task-removed', '{"task":"task-002"}'],
      ['task-failed', '{"task":"task-001","reason":"no \\"task\\": way"}'],
    ] as const)
      await db.insertInto('events').values({ at, agent: 'person', type, data }).execute();
  });
  const board = await openBoard(stateOf(world));
  try {
    expect(await addTask(board, PERSON, { description: 'new' })).toMatchObject({ id: 'task-003' });
    expect((await taskHistory(board, '1')).map(({ type }) => type)).toEqual(['task-created', 'task-failed']);
  } finally {
    await board.db.destroy();
  }
});

it('tasks of an older board are held back by what touches their files', async () => {
  await makeOldBoard(stateOf(world), '004-merge-queue', async (db) => {
    await db
      .insertInto('tasks')
      .values([1, 2, 3].map((seq) => oldTask(seq)))
      .execute();
    const scopes = { 'task-001': 'src/**', 'task-002': 'src/api/*.ts', 'task-003': 'docs/**' };
    for (const [task_id, pattern] of Object.entries(scopes))
      await db.insertInto('task_scopes').values({ task_id, pattern }).execute();
  });
  const board = await openBoard(stateOf(world));
  try {
    expect((await claimTask(board, anna)).task?.id).toBe('task-001');
    expect((await claimTask(board, ben)).task?.id).toBe('task-003');
    const { reason } = await claimTask(board, ben, { id: 'task-002' });
    expect(reason).toBe('task-002 touches files of what runs: task-001 (anna)');
  } finally {
    await board.db.destroy();
  }
});
