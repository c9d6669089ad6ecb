import { describe, expect, it } from 'vitest';
import { PERSON } from '../../src/board/participants.ts';
import { addTasks } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { parseTasks } from '../../src/board/tasks/file.ts';
import { completeTask } from '../../src/board/tasks/finish.ts';
import { importTasks } from '../../src/board/tasks/import.ts';
import { listTasks } from '../../src/board/tasks/read.ts';
import { blockTask } from '../../src/board/tasks/release.ts';
import { seedEntry } from '../../src/board/tasks/seed.ts';
import type { Task } from '../../src/board/tasks/types.ts';
import { makeWorld, useWorld } from '../support/world.ts';
import { addAgent, anna, withWorldBoard } from './support.ts';

/** The seeds' own example (S1-14), and what follows from it. */
const SEED = {
  tasks: [
    {
      id: 'task-001',
      description: 'Implement user validation',
      status: 'available',
      claimed_by: null,
      priority: 1,
      dependencies: [],
      context: { files: ['src/models/user.ts'], hints: 'Use zod for validation' },
    },
    {
      id: 'task-1',
      description: 'Create login endpoint',
      status: 'available',
      claimed_by: null,
      priority: 2,
      dependencies: ['task-001'],
      context: { files: [], hints: '' },
    },
  ],
};

describe('tasks in a file', () => {
  const world = useWorld();
  const refused = (tasks: unknown) =>
    withWorldBoard(world, async (board) => {
      await importTasks(board, PERSON, parseTasks(JSON.stringify(tasks)));
    }).then(
      () => null,
      (error: unknown) => error,
    );
  const count = async () => {
    let tasks: Task[] = [];
    await withWorldBoard(world, async (board) => {
      tasks = await listTasks(board);
    });
    return tasks.length;
  };

  it('cost the database no more for each, however many come and overlap', () =>
    withWorldBoard(world, async (board) => {
      let statements = 0;
      const counted = board.db.withPlugin({
        transformQuery: ({ node }) => {
          statements++;
          return node;
        },
        transformResult: async ({ result }) => result,
      });
      const cost = async (name: string, many: number) => {
        const before = statements;
        const tasks = Array.from({ length: many }, (_, at) => ({
          id: `${name}-${at}`,
          description: name,
          scope: ['src/**', `${name}/${at}/*`],
        }));
        const { added } = await importTasks({ ...board, db: counted }, PERSON, parseTasks(JSON.stringify(tasks)));
        expect(added.map(({ id, scope }) => ({ id, scope: scope.toSorted() }))).toEqual(
          tasks.map(({ id, scope }) => ({ id, scope: scope.toSorted() })),
        );
        return statements - before;
      };
      await cost('a', 2);
      const [few, some, many] = [await cost('b', 10), await cost('c', 20), await cost('d', 30)];
      expect(many - some).toBe(some - few);
      // It, its links as they were and are, and the history: nothing is read again one by one.
      expect((many - some) / 10).toBeLessThan(12);
    }));

  it('come with their ids, and a second time change nothing', () =>
    withWorldBoard(world, async (board) => {
      const entries = parseTasks(JSON.stringify(SEED));
      const first = await importTasks(board, PERSON, entries);
      expect(first.unchanged).toEqual([]);
      expect(first.added).toMatchObject([
        { id: 'task-001', status: 'available', context: { files: ['src/models/user.ts'] } },
        { id: 'task-1', status: 'blocked', dependencies: ['task-001'], reason: 'waits for task-001' },
      ]);
      await claimTask(board, anna, { id: 'task-001' });
      const before = await listTasks(board);
      expect(await importTasks(board, PERSON, entries)).toEqual({ added: [], unchanged: ['task-001', 'task-1'] });
      expect(await listTasks(board)).toEqual(before);
      expect(before.map(seedEntry)[1]).toEqual({ ...SEED.tasks[1], status: 'blocked' });
    }));

  it.each([
    ['a line each', (tasks: readonly unknown[]) => tasks.map((task) => JSON.stringify(task)).join('\n')],
    ['a list', (tasks: readonly unknown[]) => JSON.stringify(tasks, null, 2)],
    ['a document of --json', (tasks: readonly unknown[]) => JSON.stringify({ schema: 1, tasks })],
  ])('are read as %s', (_, write) => {
    expect(parseTasks(write(SEED.tasks))).toEqual(parseTasks(JSON.stringify(SEED)));
  });

  it('may be held or done by who leads', () =>
    withWorldBoard(world, async (board) => {
      const byLeader = (status: string) => ({ id: status, description: status, status, claimed_by: 'leader' });
      const take = (...statuses: string[]) =>
        importTasks(board, PERSON, parseTasks(JSON.stringify(statuses.map(byLeader))));
      expect((await take('claimed', 'done')).added.map(({ claimedBy }) => claimedBy)).toEqual(['person', 'person']);
      await addAgent(board, 'chief', 1, 'leader');
      expect((await take('claimed', 'failed')).unchanged).toEqual(['claimed']);
      const { added } = await importTasks(
        board,
        PERSON,
        parseTasks(JSON.stringify([{ ...byLeader('claimed'), id: 'x' }])),
      );
      expect(added).toMatchObject([{ id: 'x', claimedBy: 'chief' }]);
    }));

  it('may depend on each other in any order, and by number', () =>
    withWorldBoard(world, async (board) => {
      const tasks = [
        { id: 'b', description: 'B', dependencies: ['a', 2] },
        { id: 'a', description: 'A', priority: 1 },
        { id: 'task-002', description: 'Two' },
      ];
      await importTasks(board, PERSON, parseTasks(JSON.stringify(tasks)));
      expect((await listTasks(board)).map(({ id, dependencies }) => [id, dependencies])).toEqual([
        ['a', []],
        ['b', ['a', 'task-002']],
        ['task-002', []],
      ]);
    }));

  it.each([
    ['[{"id":"a","description":"A","dependencies":["b"]},{"id":"b","description":"B","dependencies":["a"]}]', 'CYCLE'],
    ['[{"id":"a","description":"A","dependencies":["nowhere"]}]', 'NO_SUCH_TASK'],
    ['[{"id":"a","description":"A"},{"id":"a","description":"B"}]', 'TASK_TWICE'],
    ['[{"id":"../a","description":"A"}]', 'BAD_TASK'],
    ['[{"id":"a","description":"A","priority":0}]', 'BAD_TASK'],
    ['[{"id":"a","description":"A","status":"claimed","claimed_by":"a b"}]', 'BAD_NAME'],
  ])('are refused whole: %s', async (text, code) => {
    const entries = [{ description: 'A good one' }, ...(JSON.parse(text) as object[])];
    expect(await refused(entries)).toMatchObject({ code, message: expect.stringMatching(/a/) });
    expect(await count()).toBe(0);
  });

  it.each([
    ['', 'empty'],
    ['{"tasks": [', 'no JSON'],
    ['{"todo": []}', 'no tasks in it'],
    ['{"tasks": [{"id": "x"}]}', /tasks\[0\] \(x\): description is expected to be a text/],
    ['[{"description": "A", "status": "in_progress"}]', /status is expected to be one of available, claimed/],
    ['[{"description": "A", "priority": "high"}]', /priority is expected to be a whole number/],
    ['[{"description": "A", "context": {"files": "src"}}]', /context\.files is expected to be a list/],
    ['[3]', /tasks\[0\]: the entry is expected to be a map/],
  ])('are told what is wrong with them: %j', (text, message) => {
    let error: unknown = null;
    try {
      parseTasks(text);
    } catch (thrown) {
      error = thrown;
    }
    const expected = typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message);
    expect(error).toMatchObject({ code: 'BAD_TASK_FILE', exit: 2, message: expected });
  });

  it('never take the place of others', async () => {
    await withWorldBoard(world, async (board) => {
      await addTasks(board, PERSON, [{ id: 'task-001', description: 'Something else' }]);
    });
    expect(await refused(SEED.tasks)).toMatchObject({ code: 'TASK_EXISTS', exit: 4, details: { tasks: ['task-001'] } });
    expect(await count()).toBe(1);
  });

  it('come from leaders alone', () =>
    withWorldBoard(world, async (board) => {
      const entries = (status: string, by: string) =>
        parseTasks(JSON.stringify([{ id: `${status}-${by}`, description: 'A', status, claimed_by: by }]));
      for (const status of ['claimed', 'done', 'failed']) {
        await expect(importTasks(board, anna, entries(status, 'anna'))).rejects.toMatchObject({ code: 'NOT_A_LEADER' });
        await importTasks(board, PERSON, entries(status, 'anna'));
      }
      expect(await listTasks(board)).toHaveLength(3);
    }));

  it('go to another board as they are', async () => {
    let exported = '';
    let before: Task[] = [];
    await withWorldBoard(world, async (board) => {
      await addAgent(board, 'worker-1', 1);
      await addTasks(board, PERSON, [
        { description: 'First', priority: 1, scope: ['src/**'], needs: ['worker'] },
        { description: 'Second', dependencies: ['task-001'] },
        { description: 'Third' },
        { description: 'Fourth' },
        { description: 'Fifth', dependencies: ['task-004'] },
      ]);
      await claimTask(board, anna, { id: 'task-001' });
      await completeTask(board, anna, 'task-001', { summary: 'Done\nin two lines', commit: 'abc' });
      await claimTask(board, anna, { id: 'task-003' });
      await blockTask(board, PERSON, 'task-005', 'nobody knows how');
      before = await listTasks(board);
      exported = JSON.stringify({ schema: 1, tasks: before });
    });
    const other = await makeWorld();
    try {
      await withWorldBoard(other, async (board) => {
        await importTasks(board, PERSON, parseTasks(exported));
        const same = ({
          id,
          description,
          status,
          priority,
          dependencies,
          scope,
          needs,
          claimedBy,
          attempt,
          reason,
        }: Task) => [[id, description, status, priority, dependencies, scope, needs, claimedBy, attempt, reason]];
        const after = await listTasks(board);
        expect(after.map(same)).toEqual(before.map(same));
        expect(after.map(({ result, createdAt, doneAt }) => [result, createdAt, doneAt])).toEqual(
          before.map(({ result, createdAt, doneAt }) => [result, createdAt, doneAt]),
        );
      });
    } finally {
      await other.dispose();
    }
  });
});
