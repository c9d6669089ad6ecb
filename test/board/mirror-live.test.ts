import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { filesIn } from './mirror-support.ts';

describe('swarm task export --live', () => {
  const world = useWorld();

  it('keeps the files until Ctrl-C, and nobody else does meanwhile', async () => {
    await world.swarm(['task', 'add', 'Build the API']);
    const live = world.start(['task', 'export', '--live', '--json']);
    const path = await waitFor((see) => {
      const line = see(live.stdout());
      return line.endsWith('\n') ? (JSON.parse(line).mirror.path as string) : null;
    }, 'the mirror');
    expect(path).toBe(join(world.repo, '.coordination'));
    const files = filesIn(path);
    expect(files.task('task-001')).toMatchObject({ description: 'Build the API' });
    expect(await refused(world, ['task', 'export', '--live'], 4)).toMatchObject({ code: 'MIRRORED' });
    // What is refused hides no folder of the user's from git.
    world.write('notes/new.md', 'untracked');
    expect(await refused(world, ['task', 'export', '--live', 'notes'], 4)).toMatchObject({ code: 'MIRRORED' });
    expect(await world.git(['status', '--porcelain'])).toContain('notes/');
    // One task, through three doors.
    files.edit('task-001', { status: 'claimed', claimed_by: 'terminal-2' });
    await waitFor(async (see) => {
      const { task } = await call(world, 'task-answer', ['task', 'show', 'task-001']);
      return see(task)?.claimedBy === 'terminal-2' ? true : null;
    }, 'the claim on the command line');
    await call(world, 'task-answer', ['task', 'complete', 'task-001', 'It runs.', '--as', 'terminal-2']);
    await waitFor(() => (files.task('task-001').status === 'done' ? true : null), 'the end in the file');
    await waitFor(() => (files.has('results/task-001.md') ? true : null), 'the report');
    expect(files.text('results/task-001.md')).toBe('It runs.\n');
    live.child.kill('SIGINT');
    expect((await live.result).exitCode).toBe(130);
    expect(files.has('communication/locks/tasks.json.lock')).toBe(false);
  });

  it('is not for an agent that does not lead', async () => {
    const agent = await spawnOne(world, ['a']);
    const env = { SWARM_AGENT: agent.name };
    expect(await refused(world, ['task', 'export', '--live'], 4, { env })).toMatchObject({ code: 'NOT_A_LEADER' });
  });
});

describe('supervisor.mirror', () => {
  const world = useWorld({ swarmYaml: 'supervisor: { mirror: .board }\n' });

  it('keeps the files, where agents find them and git does not', async () => {
    const agent = await spawnOne(world, ['a', '-p', 'Look around']);
    await world.swarm(['up']);
    await world.swarm(['task', 'add', 'Build the API']);
    const worktree = agent.worktree ?? '';
    await waitFor(() => filesIn(join(worktree, '.board')).task('task-001'), 'the tasks, from the worktree');
    expect(realpathSync(join(worktree, '.board'))).toBe(join(world.repo, '.board'));
    for (const folder of [world.repo, worktree]) {
      expect(await world.git(['status', '--porcelain', '--untracked-files=all'], folder)).toBe('');
    }
    const files = filesIn(join(world.repo, '.board'));
    const env = (await world.swarm(['exec', agent.name, '--', 'sh', '-c', 'echo "$SWARM_COORDINATION"'])).stdout;
    expect(env).toContain(join(world.repo, '.board'));
    await waitFor(() => {
      const { workers } = files.json<{ workers: Record<string, object> }>('state/system-state.json');
      expect(workers[agent.name]).toMatchObject({ id: agent.name, branch: agent.branch, workingDirectory: worktree });
      return true;
    }, 'the worker');
    files.edit('task-001', { status: 'claimed', claimed_by: agent.name });
    await waitFor(async () => {
      const { task } = await call(world, 'task-answer', ['task', 'show', 'task-001']);
      return task?.claimedBy === agent.name ? true : null;
    }, 'the claim');
    await world.swarm(['task', 'complete', 'task-001', 'Done.']);
    // It comes and goes with the config.
    world.write('swarm.yaml', 'version: 1\n');
    await waitFor(async (see) => {
      const live = world.start(['task', 'export', '--live']);
      await waitFor(() => (/takes what is written|MIRRORED|already/.test(live.stderr()) ? true : null), 'an answer');
      live.child.kill('SIGINT');
      return see((await live.result).exitCode) === 130 ? true : null;
    }, 'the supervisor to let go');
    await world.git(['checkout', '--quiet', '--', 'swarm.yaml']);
    expect((await world.swarm(['rm', agent.name])).exitCode).toBe(0);
    expect(existsSync(worktree)).toBe(false);
    expect(readFileSync(join(world.repo, '.board', 'README.md'), 'utf8')).toContain('tasks.json');
    await world.swarm(['down']);
  });
});
