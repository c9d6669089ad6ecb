import { expect, it } from 'vitest';
import { PERSON } from '../../src/board/participants.ts';
import { addTask } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { completeTask } from '../../src/board/tasks/finish.ts';
import { experienceOf } from '../../src/supervisor/experience.ts';
import { addAgent, withWorldBoard } from '../board/support.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();

it('what an agent has done is told of those who are asked for, and read of nobody else', () =>
  withWorldBoard(world, async (board) => {
    const [one, two] = [await addAgent(board, 'worker-1', 1), await addAgent(board, 'worker-2', 2)];
    for (const [by, file, pattern] of [
      [one, 'src/a.ts', 'src/api/**'],
      [one, 'docs/b.md', 'docs/*.md'],
      [two, 'test/c.ts', 'test/**'],
    ] as const) {
      const context = { files: [file] };
      const { id } = await addTask(board, PERSON, { description: file, context, scope: [pattern, 'shared'] });
      await claimTask(board, by, { id });
      await completeTask(board, by, id, { summary: 'ok' });
    }
    let read = 0;
    const counted = board.db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        read += result.rows.length;
        return result;
      },
    });
    const known = await experienceOf(counted, [one.id]);
    const files = ['src/a.ts', 'src/', 'src/api/**', 'src/api/', 'docs/b.md', 'docs/', 'docs/*.md', 'shared'];
    expect(known).toEqual(new Map([[one.id, { tasks: 2, files: new Set(files) }]]));
    // Its two tasks, and the two patterns of each.
    expect(read).toBe(6);
    expect(await experienceOf(counted, [])).toEqual(new Map());
    expect(read).toBe(6);
  }));
