import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdTurn } from '../../src/agents/life/turn.ts';
import { observe } from '../../src/agents/observe.ts';
import { agentById, newAgentRow } from '../../src/agents/records.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import type { TaskEvent } from '../../src/board/tasks/history.ts';
import { expireLeases } from '../../src/board/tasks/lease.ts';
import type { Task } from '../../src/board/tasks/types.ts';
import { bestFor } from '../../src/supervisor/assign.ts';
import { Assignment } from '../../src/supervisor/assignment.ts';
import { Notifier } from '../../src/supervisor/notify.ts';
import { anna, withWorldBoard } from '../board/support.ts';
import { call, refused, shows, spawnOne } from '../e2e/support.ts';
import { writeScript } from '../support/hostile.ts';
import { withWorldSession } from '../support/session.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';

const shown = async (world: World, id: string) =>
  (await world.swarm(['task', 'show', id, '--json'])).jsonAs<{ task: Task; history: TaskEvent[] }>();
const task = async (world: World, id: string) => (await shown(world, id)).task;
/** Lets somebody begin a task and go silent, so many times. */
const strand = (world: World, id: string, times: number) =>
  withWorldBoard(world, async (board) => {
    for (let time = 0; time < times; time++) {
      await claimTask(board, anna, { id });
      await board.db
        .updateTable('tasks')
        .set({ lease_until: new Date(0).toISOString() })
        .where('id', '=', id)
        .execute();
      await expireLeases(board, { agents: false });
    }
  });
const add = (world: World, ...words: string[]) => world.swarm(['task', 'add', ...words]);
const as = (agent: string) => ({ env: { SWARM_AGENT: agent } });
const until = (world: World, id: string, what: string, is: (one: Task) => boolean) =>
  waitFor(async (see) => {
    const one = see(await task(world, id));
    return is(one) ? one : null;
  }, `${id} ${what}`);

describe('work from the board', () => {
  const world = useWorld();
  const log = () => join(world.dir, 'prompts');
  const prompts = () => (existsSync(log()) ? readFileSync(log(), 'utf8') : '');
  const shows = (text: string) => waitFor((see) => (see(prompts()).includes(text) ? true : null), text);
  const crew = () => [
    '--',
    '--log',
    log(),
    '--script',
    world.write(join(world.dir, 's.yaml'), 'default: [{ wait: 100ms }]\n'),
  ];
  const configure = (yaml: string) => {
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', yaml);
  };

  it('has an agent made for it, that holds it and is told what it is', async () => {
    await add(world, 'Lay the ground');
    await add(world, 'Build the API', '--depends', 'task-001', '--file', 'src/api.ts', '--hints', 'Use zod');
    expect((await refused(world, ['spawn', '--task', 'task-002', '--agent', 'scripted'], 4)).code).toBe('TASK_TAKEN');
    await world.swarm(['task', 'claim', 'task-001']);
    await world.swarm(['task', 'complete', 'task-001', 'The ground is laid']);
    const agent = await spawnOne(world, ['--task', 'task-002', ...crew()]);
    expect(agent).toMatchObject({ ticket: 'task-002', branch: 'task-002' });
    expect(await task(world, 'task-002')).toMatchObject({ status: 'claimed', claimedBy: agent.name });
    for (const text of [
      'Build the API',
      'src/api.ts',
      'Use zod',
      'task-001: The ground is laid',
      'swarm task complete task-002',
    ])
      expect(prompts()).toContain(text);
    expect((await refused(world, ['spawn', '--task', '2', '--agent', 'scripted'], 4)).code).toBe('TASK_TAKEN');
    expect((await refused(world, ['spawn', '--task', '9', '--agent', 'scripted'], 3)).code).toBe('NO_SUCH_TASK');
  });

  it('goes to who takes such and is free, never to who has a ticket of its own', async () => {
    await add(world, 'work one');
    await add(world, 'work two', '--depends', '1', '--file', 'src/a.ts', '--hints', 'Use zod', '-P', '2');
    await add(world, 'work three');
    await spawnOne(world, ['mine', ...crew()]);
    const { worktree } = await spawnOne(world, ['--task', '1', ...crew()]);
    await world.swarm(['wait', 'worker-1', 'worker-2']);
    await call(world, 'up', ['up']);
    await world.swarm(['task', 'complete', '1', 'Done it'], as('worker-2'));
    await until(world, 'task-002', 'is given', ({ claimedBy }) => claimedBy === 'worker-2');
    await shows('work two');
    expect(prompts()).toContain('TASK_ASSIGNMENT from person about task-002');
    // For programs, in the seeds' form (S0-19).
    const { messages } = await call(world, 'messages', ['msg', 'list', '--type', 'TASK_ASSIGNMENT']);
    expect(messages.map(({ payload }) => payload)).toEqual([
      {
        description: 'work two',
        branch: 'task-001',
        workingDirectory: worktree,
        context: ['src/a.ts', 'Use zod'],
        dependencies: ['task-001'],
        priority: 2,
        estimatedDuration: null,
      },
    ]);
    expect((await task(world, 'task-003')).status).toBe('available');
    expect((await call(world, 'status', ['status', 'worker-1'])).agent.task).toBeNull();
    await world.swarm(['task', 'complete', '2', 'Done it'], as('worker-2'));
    await until(world, 'task-003', 'is given', ({ claimedBy }) => claimedBy === 'worker-2');
  });

  it('is given whole or in part, however long it is', async () => {
    await add(world, 'work');
    await spawnOne(world, ['--task', '1', ...crew()]);
    await world.swarm(['wait', '1']);
    await add(world, '語'.repeat(15_000), '--hints', '語'.repeat(8000));
    await world.swarm(['task', 'complete', '1', 'Done'], as('worker-1'));
    await call(world, 'up', ['up']);
    await until(world, 'task-002', 'is given', ({ claimedBy }) => claimedBy === 'worker-1');
    const { messages } = await call(world, 'messages', ['msg', 'list', '--type', 'TASK_ASSIGNMENT']);
    expect(messages.map(({ text }) => text.slice(-300))).toEqual([
      expect.stringContaining('語…\nThe rest: swarm task show task-002\nYou hold this task.'),
    ]);
  });

  it('that can be given to nobody is told of once', async () => {
    await spawnOne(world, crew());
    await world.swarm(['wait', '1']);
    await world.swarm(['down']);
    await add(world, 'work');
    await withWorldSession(world, async (session) => {
      // As no door of the board would take it.
      await session.db.updateTable('tasks').set({ context: '{"files":[],"hints":"a\\u0000b"}' }).execute();
      const lines: string[] = [];
      const assignment = new Assignment(new Notifier(), (line) => lines.push(line));
      for (const _ of [1, 2]) await assignment.run(session, await observe(session));
      expect(lines).toEqual([expect.stringMatching(/^task-001 can't be given to worker-1: .*NUL/)]);
    });
    expect((await task(world, 'task-001')).status).toBe('available');
  });

  it('is given up when it comes back every time, which is told once', async () => {
    const told = join(world.dir, 'told');
    writeScript(join(world.bin, 'notify-send'), `printf '%s\\n' "$@" >> '${told}'`);
    configure('notify: { bell: false, desktop: true }\n');
    await add(world, 'work');
    await add(world, 'impossible');
    await spawnOne(world, ['--task', '1', ...crew()]);
    await world.swarm(['wait', '1']);
    await strand(world, 'task-002', 3);
    await call(world, 'up', ['up']);
    const failed = await until(world, 'task-002', 'is given up', ({ status }) => status === 'failed');
    expect(failed.reason).toBe(
      'it was left 3 times by who had begun it, last because anna gave no sign of life for 30m',
    );
    const { history } = await shown(world, 'task-002');
    expect(history.at(-1)).toMatchObject({ agent: 'swarm', type: 'task-failed' });
    await world.swarm(['task', 'fail', '1', 'too hard'], as('worker-1'));
    const news = () => (existsSync(told) ? readFileSync(told, 'utf8') : '');
    await waitFor((see) => (see(news()).includes('task-001 has failed') ? true : null), 'word of the next');
    expect(news().match(/task-002 has failed/g)).toHaveLength(1);
    // A leader has said that it can be done now.
    await world.swarm(['task', 'release', '2', 'mended; try again']);
    await until(world, 'task-002', 'is given again', ({ claimedBy }) => claimedBy === 'worker-1');
  });

  it('is given to the next, however often somebody gave it back', async () => {
    await add(world, 'work');
    await add(world, 'hard');
    await spawnOne(world, ['--task', '1', ...crew()]);
    await world.swarm(['wait', '1']);
    for (const _ of [1, 2, 3]) {
      await world.swarm(['task', 'claim', '2', '--as', 'anna']);
      await world.swarm(['task', 'release', '2', 'no idea', '--as', 'anna']);
    }
    await world.swarm(['task', 'complete', '1', 'Done'], as('worker-1'));
    await call(world, 'up', ['up']);
    await until(world, 'task-002', 'is given', ({ claimedBy }) => claimedBy === 'worker-1');
  });

  it('has agents added for it only where a person wants that, up to the limit, and lets them go', async () => {
    const script = world.write(join(world.dir, 's.yaml'), 'default: [{ wait: 100ms }]\n');
    configure(
      `agent: scripted\nagents: { scripted: { args: [--script, '${script}'] } }\nlimits: { agents: 2, idle_timeout: 1s }\n`,
    );
    for (const text of ['one', 'two', 'three']) await add(world, `work ${text}`);
    expect((await call(world, 'up', ['up'])).workers).toBe(false);
    expect((await call(world, 'up', ['up', '--workers'])).workers).toBe(true);
    for (const id of ['task-001', 'task-002']) await until(world, id, 'is begun', ({ status }) => status === 'claimed');
    const names = async () => (await call(world, 'ls', ['ls'])).agents.map(({ name, ticket }) => `${name} ${ticket}`);
    expect(await names()).toEqual(['worker-1 task-001', 'worker-2 task-002']);
    await world.swarm(['wait', 'worker-1', 'worker-2']);
    expect((await task(world, 'task-003')).status).toBe('available');
    // Work that is nowhere else stays.
    const folder = (await call(world, 'status', ['status', 'worker-1'])).agent.worktree ?? '';
    world.write(join(folder, 'new.txt'), 'work\n');
    await world.swarm(['task', 'complete', '1', 'Done'], as('worker-1'));
    await until(world, 'task-003', 'is begun', ({ claimedBy }) => claimedBy === 'worker-1');
    for (const [id, agent] of [
      ['2', 'worker-2'],
      ['3', 'worker-1'],
    ] as const)
      await world.swarm(['task', 'complete', id, 'Done'], as(agent));
    const left = await waitFor(async (see) => {
      const { agents } = see(await call(world, 'ls', ['ls']));
      return agents.length === 1 && agents[0]?.status === 'paused' ? agents[0] : null;
    }, 'only the one with work, paused');
    expect(left.name).toBe('worker-1');
    await world.swarm(['down']);
    const here = world.start(['up', '--foreground', '--workers']);
    await waitFor(
      (see) => (see(here.stdout()).includes('keeps watch') ? true : null),
      'a supervisor in the foreground',
    );
    expect((await call(world, 'up', ['up'])).workers).toBe(true);
    await world.swarm(['down']);
    expect((await here.result).exitCode).toBe(0);
    expect((await call(world, 'up', ['up'])).workers).toBe(false);
  });
});

describe('agents that were added', () => {
  const world = useWorld();

  it('are let go while only others could do what is ready, and come back before more are added', async () => {
    const script = world.write(join(world.dir, 's.yaml'), 'default: [{ wait: 100ms }]\n');
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    const crew = `agent: scripted\nagents: { scripted: { args: [--script, '${script}'] } }\n`;
    world.write('swarm.local.yaml', `${crew}limits: { agents: 2, idle_timeout: 1s }\n`);
    await add(world, 'Draw it', '--need', 'designer');
    await add(world, 'Build it', '--scope', 'src/**');
    await add(world, 'Mend it', '--scope', 'src/a.ts');
    await call(world, 'up', ['up', '--workers']);
    await until(world, 'task-002', 'is begun', ({ claimedBy }) => claimedBy === 'worker-1');
    await world.swarm(['wait', 'worker-1']);
    // Work that is nowhere else: it can't be removed.
    const folder = (await call(world, 'status', ['status', 'worker-1'])).agent.worktree ?? '';
    world.write(join(folder, 'new.txt'), 'work\n');
    const team = async () => (await call(world, 'ls', ['ls'])).agents;
    // Another one could not begin the third: it touches files of the second.
    expect((await team()).map(({ name }) => name)).toEqual(['worker-1']);
    await world.swarm(['task', 'fail', '3', 'Not needed']);
    await world.swarm(['task', 'complete', '2', 'Done'], as('worker-1'));
    await waitFor(async (see) => (see(await team())[0]?.status === 'paused' ? true : null), 'the one to be let go');
    expect((await team())[0]?.reason).toBe('had nothing to do');
    await add(world, 'Test it');
    await until(world, 'task-004', 'is given', ({ claimedBy }) => claimedBy === 'worker-1');
    expect((await team()).map(({ name }) => name)).toEqual(['worker-1']);
    // Whom a person has paused stays so.
    await world.swarm(['wait', 'worker-1']);
    await world.swarm(['pause', 'worker-1']);
    await world.swarm(['task', 'fail', '4', 'Not needed']);
    await add(world, 'Ship it');
    await until(world, 'task-005', 'is begun', ({ claimedBy }) => claimedBy === 'worker-2');
    expect((await team()).map(({ status }) => status)[0]).toBe('paused');
  });
});

describe('agents that were added and have ended', () => {
  const world = useWorld();

  it('leave no room for others, which is said once', async () => {
    const script = world.write(join(world.dir, 's.yaml'), 'default: [{ exit: 0 }]\n');
    const args = `agents: { scripted: { args: [--script, '${script}'] } }`;
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', `agent: scripted\n${args}\nlimits: { agents: 1 }\n`);
    for (const text of ['one', 'two']) await add(world, text);
    await call(world, 'up', ['up', '--workers']);
    const refusals = async () => (await world.swarm(['log', '--type', 'not-added'])).stdout.trim();
    const why = await waitFor(async (see) => see(await refusals()) || null, 'why nobody is added');
    expect(why).toContain('agents that have ended count for limits.agents (1): worker-1');
    await until(world, 'task-001', 'is back', ({ status }) => status === 'available');
    await add(world, 'three');
    await world.swarm(['rm', 'worker-1']);
    await until(world, 'task-001', 'is begun again', ({ attempt }) => attempt > 1);
    expect((await refusals()).match(/worker-1;/g)).toHaveLength(1);
  });
});

describe('an agent that is let go', () => {
  const world = useWorld();

  it('stays when a person gives it something to do at that very moment', async () => {
    const script = 'default: [{ wait: 100ms }]\non: [{ prompt: long, do: [{ wait: 4s }, { say: Through. }] }]\n';
    const file = world.write(join(world.dir, 's.yaml'), script);
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    const crew = `agent: scripted\nagents: { scripted: { args: [--script, '${file}'] } }\n`;
    world.write('swarm.local.yaml', `${crew}limits: { agents: 1, idle_timeout: 5s }\n`);
    await add(world, 'work');
    await call(world, 'up', ['up', '--workers']);
    await until(world, 'task-001', 'is begun', ({ claimedBy }) => claimedBy === 'worker-1');
    await world.swarm(['wait', 'worker-1']);
    const { agent } = await call(world, 'status', ['status', 'worker-1']);
    await withWorldSession(world, (session) =>
      holdTurn(session, agent, async () => {
        await world.swarm(['task', 'complete', '1', 'Done'], as('worker-1'));
        const rests = async () => Date.now() - Date.parse((await agentById(session.db, agent.id))?.since ?? '');
        // It would be let go by now, were its turn free.
        await waitFor(async (see) => (see(await rests()) > 6500 ? true : null), 'it to have rested for long enough');
        await world.swarm(['send', 'worker-1', 'long']);
      }),
    );
    await shows(world, 'worker-1', 'Through.');
  });
});

describe('work from the board of a repository whose hooks nobody approved', () => {
  const world = useWorld({ swarmYaml: 'agent: scripted\nhooks: { post_create: [touch made-it] }\n' });

  it('has no agent added for it, and that is said once', async () => {
    await add(world, 'work');
    const { stderr } = await world.swarm(['up', '--workers']);
    expect(stderr).toContain('swarm trust');
    const refusals = async () => (await world.swarm(['log', '--type', 'not-added'])).stdout;
    const said = await waitFor(async (see) => see(await refusals()).trim() || null, 'the refusal');
    expect(said).toContain('not approved (hooks.post_create)');
    // Nothing was made of it meanwhile.
    expect((await call(world, 'ls', ['ls'])).agents).toEqual([]);
    expect((await task(world, 'task-001')).status).toBe('available');
    expect((await refusals()).trim().split('\n')).toHaveLength(1);
  });
});

describe('the agent for a task', () => {
  const row = (name: string, cli = 'claude') => ({
    ...newAgentRow({ id: name, name, number: 1, ticket: null, cli, model: null, args: '[]', options: '{}' }),
    created_at: name,
  });
  const wants = { needs: [], context: { files: ['src/api/users.ts'], hints: '' }, scope: [] };

  it.each([
    ['knows its files', { ...wants }, { b: ['src/api/users.ts'] }, { b: 9 }, 'b'],
    ['knows its folder', { ...wants }, { b: ['src/api/'] }, {}, 'b'],
    ['has done the least', { ...wants }, {}, { a: 2, b: 1, c: 1 }, 'b'],
    ['is here the longest', { ...wants }, {}, {}, 'a'],
    ['is able', { ...wants, needs: ['codex'] }, { a: ['src/api/users.ts'] }, {}, 'c'],
    ['is there', { ...wants, needs: ['designer'] }, {}, {}, undefined],
  ])('%s', (_, wish, files: Record<string, string[]>, tasks: Record<string, number>, name) => {
    const known = new Map(
      ['a', 'b', 'c'].map((id) => [id, { tasks: tasks[id] ?? 0, files: new Set(files[id] ?? []) }]),
    );
    expect(bestFor(wish, [row('a'), row('b'), row('c', 'codex')], known)?.name).toBe(name);
  });
});
