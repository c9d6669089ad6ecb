import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addMemory } from '../../src/board/memory.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { markSeen } from '../../src/board/messages/receipts.ts';
import { callerOf, PERSON } from '../../src/board/participants.ts';
import { setPlan } from '../../src/board/plan.ts';
import { addTasks } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { completeTask } from '../../src/board/tasks/finish.ts';
import { readTask } from '../../src/board/tasks/read.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { withMirror } from './mirror-support.ts';
import { addAgent, anna } from './support.ts';

describe('the board as files', () => {
  const world = useWorld();
  const two = [
    { description: 'Create User model', priority: 1 },
    { description: 'Test it', dependencies: ['task-001'] },
  ];

  it('are laid out as the seeds have them, and git does not see them', () =>
    withMirror(world, async (board, files) => {
      await setPlan(board, PERSON, { goal: 'Build a REST API', plan: 'Small steps.' });
      await addTasks(board, PERSON, two);
      await claimTask(board, anna, { id: 'task-001' });
      await completeTask(board, anna, 'task-001', { summary: 'It is there.' });
      await addMemory(board, anna, { kind: 'discoveries', text: 'The server\nneeds a port', team: true });
      await waitFor(() => (files.text('context/discoveries.md').includes('port') ? true : null), 'the discovery');
      await waitFor(() => (files.task('task-001').status === 'done' ? true : null), 'done');
      expect(files.text('master-plan.md')).toBe('# Goal\n\nBuild a REST API\n\n# Plan\n\nSmall steps.\n');
      expect(files.text('context/discoveries.md')).toBe('# Discoveries\n\n- The server\n  needs a port\n');
      expect(files.text('results/task-001.md')).toBe('It is there.\n');
      expect(files.tasks()).toMatchObject({
        version: expect.any(Number),
        tasks: [
          {
            id: 'task-001',
            status: 'done',
            claimed_by: 'anna',
            priority: 1,
            dependencies: [],
            context: { files: [], hints: '' },
          },
          { id: 'task-002', status: 'available', claimed_by: null, dependencies: ['task-001'] },
        ],
      });
      await waitFor(() => (files.has('logs/leader.log') && files.has('logs/anna.log') ? true : null), 'logs');
      expect(files.text('logs/leader.log')).toMatch(/person task-created task-001 Create User model/);
      expect(
        files
          .text('logs/anna.log')
          .split('\n')
          .filter((line) => line.includes('task-done')),
      ).toHaveLength(1);
      expect(await world.git(['status', '--porcelain', '--untracked-files=all'])).toBe('');
      expect(statSync(files.path).mode & 0o777).toBe(0o700);
      expect(statSync(join(files.path, 'tasks.json')).mode & 0o777).toBe(0o600);
    }));

  it('say no more often that they are new than they are', () =>
    withMirror(world, async (board, files) => {
      await addTasks(board, PERSON, two);
      await waitFor(() => files.task('task-002'), 'the tasks');
      await callerOf(board, {}, 'anna');
      const before = files.tasks();
      await claimTask(board, anna, { id: 'task-001' });
      await waitFor(() => (files.task('task-001').status === 'claimed' ? true : null), 'the claim');
      const after = files.tasks();
      expect(after.version).toBeGreaterThan(before.version);
      expect(after.tasks[0]?.version).toBeGreaterThan(before.tasks[0]?.version ?? 0);
      expect(after.tasks[1]).toEqual(before.tasks[1]);
      for (const file of [
        'state/system-state.json',
        'state/tasks/active-tasks.json',
        'state/workers/anna-state.json',
      ]) {
        const { version } = await waitFor(() => files.json<{ version: number }>(file), file);
        expect(version).toBeGreaterThan(0);
      }
      expect(files.json('state/tasks/task-dependencies.json')).toMatchObject({
        dependencies: { 'task-002': ['task-001'] },
      });
      await waitFor(() => {
        const { workers } = files.json<{ workers: object }>('state/system-state.json');
        expect(workers).toMatchObject({
          anna: { id: 'anna', status: 'working', currentTask: 'task-001', capabilities: ['worker', 'guest'] },
        });
        return true;
      }, 'the worker');
      expect(Object.keys(files.json('state/system-state.json'))).toEqual([
        'version',
        'workers',
        'tasks',
        'gitState',
        'systemMetrics',
      ]);
      expect(Object.keys(files.json('state/workers/anna-state.json'))).toEqual([
        'version',
        'id',
        'currentTask',
        'context',
        'gitState',
        'communication',
      ]);
      // No half of a file is ever there, and nothing is left of writing them.
      expect(readdirSync(files.path, { recursive: true }).filter((name) => /(^|\/)\./.test(String(name)))).toEqual([]);
    }));

  it('say who can work, who was in touch with who leads, and what waits to be merged', () =>
    withMirror(world, async (board, files) => {
      const [paused, over] = [await addAgent(board, 'worker-1', 1), await addAgent(board, 'worker-2', 2)];
      for (const [{ id }, status] of [
        [paused, 'paused'],
        [over, 'exited'],
      ] as const)
        await board.db
          .updateTable('agents')
          .set({ status, branch: `of-${id}` })
          .where('id', '=', id)
          .execute();
      const assignment = { to: [paused], type: 'TASK_ASSIGNMENT', text: 'Begin' } as const;
      const [told] = await postMessage(board, PERSON, assignment);
      await markSeen(board, paused, [told?.id ?? ''], 'mcp');
      await postMessage(board, over, { to: [paused], text: 'Hello' });
      const merge = { into_branch: 'main', strategy: null, priority: 2, keep: 0, rework: 0, result: null };
      const at = new Date().toISOString();
      const rest = { task_id: null, reason: null, created_at: at, updated_at: at };
      for (const state of ['merged', 'queued'] as const) {
        const row = { ...merge, ...rest, agent_id: paused.id, agent: 'worker-1', state };
        await board.db.insertInto('merge_queue').values(row).execute();
      }
      await waitFor(() => {
        expect(files.json('state/system-state.json')).toMatchObject({
          workers: {
            'worker-1': { status: 'blocked', swarmStatus: 'paused' },
            'worker-2': { status: 'blocked', swarmStatus: 'exited' },
          },
          gitState: {
            mergeQueue: [
              {
                worker: 'worker-1',
                branch: 'of-id-worker-1',
                into: 'main',
                priority: 2,
                state: 'queued',
                task: null,
                reason: null,
                createdAt: at,
              },
            ],
          },
        });
        const contact = (name: string) =>
          files.json<{ communication: { lastMasterContact: number | null } }>(`state/workers/${name}-state.json`)
            .communication.lastMasterContact;
        expect([contact('worker-1'), contact('worker-2')]).toEqual([Date.parse(told?.createdAt ?? ''), null]);
        return true;
      }, 'their states');
    }));

  it('are refused outside of the repository, through links, and where git tracks them', async () => {
    const start = (folder: string) => withMirror(world, async () => {}, folder);
    for (const folder of ['../out', '.', '.git/x', '/tmp/swarm-no']) {
      await expect(start(folder)).rejects.toMatchObject({ code: 'BAD_MIRROR', exit: 2 });
    }
    const outside = join(world.dir, 'outside');
    mkdirSync(outside);
    symlinkSync(outside, join(world.repo, 'link'));
    await expect(start('link')).rejects.toMatchObject({ code: 'BAD_MIRROR', exit: 4 });
    await expect(start('link/below')).rejects.toMatchObject({ code: 'BAD_MIRROR', exit: 4 });
    mkdirSync(join(world.repo, 'half'));
    symlinkSync(outside, join(world.repo, 'half', 'results'));
    await expect(start('half')).rejects.toMatchObject({ code: 'MIRROR_LINK', exit: 4 });
    world.write('docs/x.md', 'x');
    await world.git(['add', 'docs']);
    await expect(start('docs')).rejects.toMatchObject({ code: 'TRACKED_FOLDER', exit: 4 });
    expect(readdirSync(outside)).toEqual([]);
    const exclude = readFileSync(join(world.repo, '.git/info/exclude'), 'utf8');
    expect(exclude).not.toMatch(/^\/(link|docs)$/m);
  });

  it('hold a board of any size', () =>
    withMirror(world, async (board, files) => {
      const description = 'x'.repeat(19_000);
      const wishes = Array.from({ length: 280 }, (_, at) => ({ description: `${at} ${description}` }));
      const tasks = await addTasks(board, PERSON, wishes);
      await waitFor(() => files.task(tasks.at(-1)?.id ?? ''), 'all of them');
      expect(statSync(join(files.path, 'tasks.json')).size).toBeGreaterThan(5_000_000);
      for (const [id, name] of [
        ['task-001', 'terminal-2'],
        ['task-280', 'terminal-3'],
      ] as const) {
        const { version } = files.task(id);
        files.edit(id, { status: 'claimed', claimed_by: name });
        await waitFor(async () => ((await readTask(board, id)).claimedBy === name ? true : null), `${id} claimed`);
        await waitFor(() => (files.task(id).version > version ? true : null), 'the file as swarm writes it');
      }
      expect(files.rejected()).toEqual([]);
    }));

  it('are put right where somebody makes one too large, and that is said once', () =>
    withMirror(world, async (board, files) => {
      const isTooLarge = (file: string) =>
        waitFor((see) => see(files.rejected(file)).find(({ code }) => code === 'TOO_LARGE') ?? null, `${file} refused`);
      await addTasks(board, PERSON, two);
      await waitFor(() => files.task('task-002'), 'the tasks');
      for (const file of ['tasks.json', 'master-plan.md']) {
        files.write(`${file}.huge`, '');
        truncateSync(join(files.path, `${file}.huge`), 65_000_000);
        renameSync(join(files.path, `${file}.huge`), join(files.path, file));
      }
      await isTooLarge('tasks.json');
      await waitFor(() => files.task('task-002'), 'the tasks again');
      const told = await isTooLarge('master-plan.md');
      await addTasks(board, PERSON, [{ description: 'Third' }]);
      await waitFor(() => files.task('task-003'), 'the next look');
      expect(files.rejected('master-plan.md')).toEqual([told]);
      await setPlan(board, PERSON, { goal: 'G', plan: 'P' });
      await waitFor(() => (files.text('master-plan.md') === '# Goal\n\nG\n\n# Plan\n\nP\n' ? true : null), 'the plan');
    }));

  it('never follow a link that somebody puts into their place', () =>
    withMirror(world, async (board, files) => {
      const secret = join(world.dir, 'secret');
      writeFileSync(secret, '{"tasks": [{"id": "x", "description": "stolen"}]}');
      rmSync(join(files.path, 'tasks.json'));
      symlinkSync(secret, join(files.path, 'tasks.json'));
      symlinkSync(secret, join(files.path, 'logs', 'anna.log'));
      await addTasks(board, PERSON, two);
      await claimTask(board, anna, { id: 'task-001' });
      await waitFor(() => (files.task('task-001').status === 'claimed' ? true : null), 'the file is swarm’s again');
      expect(readFileSync(secret, 'utf8')).toMatch(/stolen/);
      rmSync(join(files.path, 'logs', 'anna.log'), { force: true });
    }));

  it('come back when somebody removes them', () =>
    withMirror(world, async (board, files) => {
      await addTasks(board, PERSON, two);
      await waitFor(() => files.task('task-002'), 'the tasks');
      rmSync(files.path, { recursive: true });
      await waitFor(() => files.task('task-002'), 'the tasks again');
      expect(existsSync(join(files.path, 'state', 'system-state.json'))).toBe(true);
      expect(files.rejected()).toEqual([]);
    }));
});
