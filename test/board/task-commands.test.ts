import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, refused } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
const task = async (...words: string[]) => (await call(world, 'task-answer', ['task', ...words])).task;

describe('swarm task', () => {
  it('takes what comes after a flag that may be given again as what it is', async () => {
    await task('add', 'One');
    await task('add', '--depends', '1', '--file', 'a.ts', 'Two');
    await task('add', '--need', 'python', 'Three');
    expect(await task('claim', '--as', 'terminal-2', '--can', 'python', '3')).toMatchObject({ id: 'task-003' });
    const { tasks } = await call(world, 'tasks', ['task', 'list', '--status', 'blocked', '--status', 'claimed']);
    expect(tasks.map(({ id }) => id).sort()).toEqual(['task-002', 'task-003']);
  });

  it('keeps the names of who takes part apart from those of agents', async () => {
    await task('add', 'One');
    await task('claim', '1', '--as', 'worker-1');
    const { agents } = await call(world, 'spawn', ['spawn', '--agent', 'shell', 't1', 't2']);
    expect(agents.map(({ name }) => name).sort()).toEqual(['worker-2', 'worker-3']);
    expect(await refused(world, ['spawn', '--agent', 'shell', '--name', 'worker-1', 't3'], 4)).toMatchObject({
      code: 'NAME_TAKEN',
      message: "Somebody takes part in the board as 'worker-1'.",
    });
    expect(await refused(world, ['rename', 'worker-2', 'worker-1'], 4)).toMatchObject({ code: 'NAME_TAKEN' });
    for (const name of ['swarm', 'files', 'person'])
      expect(await refused(world, ['rename', 'worker-2', name], 2)).toMatchObject({ code: 'BAD_NAME' });
    expect(await task('complete', '1', 'Done.', '--as', 'worker-1')).toMatchObject({ status: 'done' });
  });

  it('takes a board from its first task to its last, by three hands', async () => {
    await task('add', 'Design the API', '-p', '1', '--file', 'docs/api.md', '--hints', 'REST');
    await task('add', 'Write it', '--depends', 'task-001', '--scope', 'src/**');
    expect(await task('add', 'Test it', '-d', '1', '-d', '2', '--need', 'tester')).toMatchObject({
      status: 'blocked',
      reason: 'waits for task-001, task-002',
      createdBy: 'person',
    });
    expect(await task('claim', '--as', 'terminal-2')).toMatchObject({ id: 'task-001', claimedBy: 'terminal-2' });
    const { reason } = await call(world, 'task-answer', ['task', 'claim', '--as', 'terminal-3']);
    expect(reason).toBe('no task is available: 1 claimed, 2 blocked');
    expect(await refused(world, ['task', 'complete', '1', 'mine', '--as', 'terminal-3'], 4)).toMatchObject({
      code: 'NOT_YOURS',
      details: { task: 'task-001', claimedBy: 'terminal-2' },
    });
    expect(await task('complete', '1', 'Designed.', '--as', 'terminal-2', '--commit', 'abc')).toMatchObject({
      result: { summary: 'Designed.', commit: 'abc', by: 'terminal-2' },
    });
    await task('claim', '--as', 'terminal-3');
    await task('release', '2', 'Out of time.', '--as', 'terminal-3');
    await task('edit', '2', '--assign', 'terminal-2', '-P', '2');
    await task('complete', '2', 'Written.', '--as', 'terminal-2');
    expect(await task('claim', '--as', 'terminal-3', '--can', 'tester')).toMatchObject({ id: 'task-003' });
    await task('fail', '3', 'No such endpoint.', '--as', 'terminal-3');
    expect(await task('release', '3')).toMatchObject({ status: 'available' });
    await task('block', '3', 'Waits for a licence.');
    const { tasks } = await call(world, 'tasks', ['task', 'list', '--status', 'blocked']);
    expect(tasks).toMatchObject([{ id: 'task-003', reason: 'Waits for a licence.' }]);
    const { history } = await call(world, 'task-answer', ['task', 'show', '2']);
    expect(history?.map(({ type, agent }) => `${type} ${agent}`)).toEqual([
      'task-created person',
      'task-claimed terminal-3',
      'task-released terminal-3',
      'task-edited person',
      'task-claimed terminal-2',
      'task-done terminal-2',
    ]);
    await task('rm', '3');
    expect((await call(world, 'tasks', ['task', 'list'])).tasks.map(({ id }) => id)).toEqual(['task-001', 'task-002']);
  });

  it('keeps the goal, and a plan of a file, which only who leads sets', async () => {
    const goal = async (...words: string[]) => (await call(world, 'task-goal', ['task', 'goal', ...words])).plan;
    expect(await goal()).toBeNull();
    const plan = world.write(join(world.dir, 'a plan.md'), '# How\n\nRoutes first.\n');
    expect(await refused(world, ['task', 'goal', '--plan', plan], 2)).toMatchObject({ code: 'BAD_PLAN' });
    expect(await goal('Build a REST API.')).toMatchObject({ goal: 'Build a REST API.', plan: '', by: 'person' });
    const whole = { goal: 'Build a REST API.', plan: '# How\n\nRoutes first.\n', version: 2 };
    expect(await goal('--plan', plan)).toMatchObject(whole);
    world.write(join(world.repo, 'plan.md'), 'Tables first.\n');
    const from = { cwd: world.dir };
    const there = await call(world, 'task-goal', ['task', 'goal', '-C', world.repo, '--plan', 'plan.md'], from);
    expect(there.plan).toMatchObject({ plan: 'Tables first.\n' });
    for (const line of ['msg send person -f plan.md', 'answer nobody -f plan.md', 'send worker-9 -f plan.md']) {
      const { stderr } = await world.swarm([...line.split(' '), '-C', world.repo], from);
      expect(stderr).not.toContain("can't be read");
    }
    const lost = await refused(world, ['msg', 'send', 'person', '-f', 'nowhere.md'], 2);
    expect(lost).toMatchObject({ code: 'NO_PROMPT_FILE', hint: 'swarm msg send worker-1 -f message.md' });
    const others = ['task', 'goal', 'Sleep.', '--as', 'terminal-2'];
    expect(await refused(world, others, 4)).toMatchObject({ code: 'NOT_A_LEADER' });
    expect(await goal('--as', 'terminal-2')).toMatchObject({ version: 3 });
    const { stdout } = await world.swarm(['task', 'goal']);
    expect(stdout).toMatch(/^Build a REST API\.\nset by person .* version 3\n\nTables first\./);
  });

  it('takes one report of what was done, in words or by name', async () => {
    await task('add', 'one');
    await task('claim', '1');
    const both = ['task', 'complete', '1', 'This.', '--summary', 'That.'];
    expect(await refused(world, both, 2)).toMatchObject({ code: 'TWO_SUMMARIES', hint: 'swarm task complete 1 This.' });
    expect(await task('complete', '1', '--summary', 'That.')).toMatchObject({ result: { summary: 'That.' } });
  });

  it('says in its exit code what a claim of one certain task came to', async () => {
    await task('add', 'one');
    await task('claim', '1', '--as', 'terminal-2');
    const taken = await world.swarm(['task', 'claim', '1', '--as', 'terminal-3', '--json']);
    expect(taken.exitCode).toBe(4);
    expect(taken.jsonAs<object>()).toMatchObject({ task: null, reason: 'task-001 is claimed by terminal-2' });
    expect(await refused(world, ['task', 'claim', '9'], 3)).toMatchObject({ code: 'NO_SUCH_TASK' });
    expect(await refused(world, ['task', 'edit', '1'], 2)).toMatchObject({ code: 'NOTHING_TO_CHANGE' });
    await refused(world, ['task', 'edit', '1', '--priority', '1', '--assign', 'nobody'], 3);
    expect((await task('show', '1'))?.priority).toBe(3);
    expect(await refused(world, ['task', 'block', '1', ''], 2)).toMatchObject({ code: 'NO_REASON' });
    expect(await refused(world, ['task', 'complete', '1', '--as', 'terminal-2'], 2)).toMatchObject({
      code: 'BAD_TASK',
    });
    expect(await refused(world, ['task', 'list', '--as', 'a b'], 2)).toMatchObject({ code: 'BAD_NAME' });
  });

  it('lists as one’s own what one holds or held last, whatever became of it', async () => {
    for (const words of ['failed', 'done', 'given back', 'held', 'of another']) await task('add', words);
    const two = ['--as', 'terminal-2'];
    for (const id of ['1', '2', '3', '4', '5']) await task('claim', id, ...two);
    await task('fail', '1', 'No way.', ...two);
    await task('complete', '2', 'Done.', ...two);
    await task('release', '3', ...two);
    await task('edit', '5', '--assign', 'person');
    const mine = async (...more: string[]) =>
      (await call(world, 'tasks', ['task', 'list', '--mine', ...two, ...more])).tasks.map(({ id }) => id);
    expect(await mine()).toEqual(['task-001', 'task-002', 'task-003', 'task-004']);
    expect(await mine('--status', 'failed')).toEqual(['task-001']);
  });

  it('leaves a later attempt of the same name alone, and says which one it is', async () => {
    await task('add', 'one');
    const two = ['--as', 'terminal-2'];
    await task('claim', ...two);
    await task('release', '1', ...two);
    await task('claim', ...two);
    for (const words of [
      ['complete', '1', 'x'],
      ['fail', '1', 'x'],
      ['block', '1', 'x'],
      ['release', '1'],
    ]) {
      expect(await refused(world, ['task', ...words, '--attempt', '1', ...two], 4)).toMatchObject({
        code: 'STALE_ATTEMPT',
        details: { task: 'task-001', attempt: 2, claimedBy: 'terminal-2' },
      });
    }
    expect(await task('release', '1', '--attempt', '2', ...two)).toMatchObject({ status: 'available' });
  });

  it('knows an agent in its own window, also one that hides its name', async () => {
    await world.swarm(['spawn', '--agent', 'shell', '--name', 'bob', '--no-wait']);
    const env = { SWARM_AGENT: 'bob' };
    await call(world, 'task-answer', ['task', 'add', 'one']);
    expect((await call(world, 'task-answer', ['task', 'claim'], { env })).task).toMatchObject({ claimedBy: 'bob' });
    const other = await refused(world, ['task', 'claim', '--as', 'terminal-2'], 4, { env });
    expect(other).toMatchObject({
      code: 'NOT_YOURS',
      message: "This is bob's window: it can't speak as 'terminal-2'.",
    });
    const hidden = 'env -u SWARM_AGENT swarm task add two > hidden.txt 2>&1; echo "ended $?"';
    await world.swarm(['send', 'bob', hidden]);
    const shown = async () => (await world.swarm(['capture', 'bob'])).stdout;
    await expect.poll(shown, { timeout: 20_000 }).toMatch(/^ended 4/m);
    expect((await call(world, 'tasks', ['task', 'list'])).tasks).toHaveLength(1);
  });

  it('lets an agent lead in its own window, and nothing else that has its name', async () => {
    await world.swarm(['spawn', '--agent', 'shell', '--name', 'boss', '--role', 'leader', '--no-wait']);
    const add = ['task', 'add', 'by a hook'];
    for (const token of ['', 'bogus']) {
      const env = { SWARM_AGENT: 'boss', SWARM_TOKEN: token };
      expect((await refused(world, add, 4, { env })).code).toBe(token === '' ? 'NO_TOKEN' : 'BAD_TOKEN');
    }
    const { stdout } = await world.swarm(['exec', 'boss', '--', 'sh', '-c', 'swarm task add x 2>&1; swarm task claim']);
    expect(stdout).toContain('boss may add tasks only with its token');
    expect(stdout).toContain('Nothing to claim');
    // Some agent CLIs keep names like TOKEN from the commands that they run.
    await world.swarm(['send', 'boss', 'swarm task add one; env -u SWARM_TOKEN swarm task add two']);
    const tasks = async () => (await call(world, 'tasks', ['task', 'list'])).tasks;
    await expect.poll(async () => (await tasks()).length, { timeout: 20_000 }).toBe(2);
    expect((await tasks()).map(({ createdBy }) => createdBy)).toEqual(['boss', 'boss']);
  });

  it('lets no control character of a description reach a terminal', async () => {
    await task('add', 'a\u001b]0;owned\u0007b\u001b[2J');
    for (const words of [['list'], ['show', '1']]) {
      const { stdout } = await world.swarm(['task', ...words], { env: { FORCE_COLOR: '1' } });
      for (const control of ['\u001b]', '\u0007', '\u001b[2J']) expect(stdout).not.toContain(control);
      expect(stdout).toContain('ab');
    }
  });
});
