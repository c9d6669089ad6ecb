import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, refused } from '../e2e/support.ts';
import { makeWorld, useWorld } from '../support/world.ts';

const TASKS = [
  { id: 'task-001', description: 'Create User model', priority: 1, dependencies: [] },
  { id: 'task-002', description: 'Create login endpoint', priority: 2, dependencies: ['task-001'] },
];

describe('swarm task import, export, graph', () => {
  const world = useWorld();

  it('take the seeds’ file, draw it, and hand it to another repository', async () => {
    world.write('tasks.json', JSON.stringify({ tasks: TASKS }));
    const first = await call(world, 'task-import', ['task', 'import', 'tasks.json']);
    expect(first.added.map(({ id }) => id)).toEqual(['task-001', 'task-002']);
    expect((await world.swarm(['task', 'import', 'tasks.json'])).stdout).toBe(
      'Nothing new: 2 tasks of it were on the board already.\n',
    );
    const drawn = (await world.swarm(['task', 'graph'])).stdout;
    expect(drawn).toBe(
      '○ task-001 Create User model  available\n└ ◌ task-002 Create login endpoint  blocked\n\n2 tasks: 1 available, 1 blocked.\n',
    );
    const graph = await call(world, 'task-graph', ['task', 'graph', '--format', 'mermaid']);
    expect(graph).toMatchObject({
      edges: [{ from: 'task-001', to: 'task-002' }],
      diagram: expect.stringMatching(/^flow/),
    });
    await world.swarm(['task', 'claim', 'task-001', '--as', 'terminal-2']);

    const { file } = await call(world, 'task-export', ['task', 'export', 'out.json', '--format', 'seed']);
    expect(file).toBe(join(world.repo, 'out.json'));
    const [exported] = JSON.parse(readFileSync(file ?? '', 'utf8')).tasks;
    expect(exported).toEqual({
      ...TASKS[0],
      status: 'claimed',
      claimed_by: 'terminal-2',
      context: { files: [], hints: '' },
    });
    const other = await makeWorld();
    try {
      const input = (await world.swarm(['task', 'export', '--format', 'lines'])).stdout;
      const { added } = await call(other, 'task-import', ['task', 'import', '-'], { input });
      expect(added[0]).toMatchObject({ id: 'task-001', status: 'claimed', claimedBy: 'terminal-2', attempt: 1 });
    } finally {
      await other.dispose();
    }
  });

  it('say what is wrong', async () => {
    expect(await refused(world, ['task', 'import', 'none.json'], 2)).toMatchObject({ code: 'NO_TASK_FILE' });
    world.write('bad.json', '{"tasks": [{"id": "a"}]}');
    expect(await refused(world, ['task', 'import', 'bad.json'], 2)).toMatchObject({ code: 'BAD_TASK_FILE' });
    expect(await refused(world, ['task', 'export', 'no/such/folder.json'], 2)).toMatchObject({ code: 'NO_TASK_FILE' });
    expect((await world.swarm(['task', 'graph'])).stdout).toBe('The board has no tasks.\n');
  });
});
