import type { Client } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { refused, spawnOne } from '../e2e/support.ts';
import { useWorld, type World } from '../support/world.ts';
import { takePlaceOf, use, withMcp } from './support.ts';

interface TaskLike {
  readonly id: string;
  readonly description: string;
  readonly dependencies: readonly string[];
  readonly done_at: string | null;
}

/** A REST API is built (the seeds' example) by a leader and two workers that know nothing but their tools. */
describe('a leader and two workers', () => {
  const world = useWorld();

  it('finish with nothing but MCP', async () => {
    const leader = await member(world, 'lead', 'leader');
    const workers = [await member(world, 'one', 'worker'), await member(world, 'two', 'worker')];
    const [done, ...ended] = await Promise.all([
      withMcp(world, { env: { SWARM_TOKEN: leader } }, ({ client }) => lead(client)),
      ...workers.map((token) => withMcp(world, { env: { SWARM_TOKEN: token } }, ({ client }) => work(client))),
    ]);
    expect(done.tasks.map(({ id }) => id).sort()).toEqual(ended.flat().sort());
    for (const task of done.tasks) {
      const before = done.tasks.filter(({ id }) => task.dependencies.includes(id));
      for (const one of before) expect((one.done_at ?? '') <= (task.done_at ?? '')).toBe(true);
    }
    // Who asked got its answer, and what one found out, the other and the leader know.
    expect(done.answered).toBe(2);
    expect(done.discoveries.sort()).toEqual(
      done.tasks.map(({ description }) => `${description}: mind the tests`).sort(),
    );
    expect(done.reports).toBeGreaterThan(0);
  });
});

describe('a role', () => {
  const world = useWorld();

  it('is what spawn says; an agent starts no leader unless it is one', async () => {
    const reviewer = await spawnOne(world, ['r', '--role', 'reviewer']);
    expect(reviewer.role).toBe('reviewer');
    const env = { SWARM_AGENT: reviewer.name };
    expect(await refused(world, ['spawn', 'x', '--agent', 'scripted', '--role', 'leader'], 4, { env })).toMatchObject({
      code: 'NOT_A_LEADER',
    });
    const leader = await spawnOne(world, ['l', '--role', 'leader']);
    const named = { env: { SWARM_AGENT: leader.name } };
    expect((await refused(world, ['spawn', 'y', '--role', 'leader', '--agent', 'scripted'], 4, named)).code).toBe(
      'NO_TOKEN',
    );
    const proven = { env: { ...named.env, SWARM_TOKEN: await takePlaceOf(world, leader) } };
    const started = await spawnOne(world, ['y', '--role', 'leader'], proven);
    expect(started.role).toBe('leader');
  });
});

/** Spawns an agent and gives its token: its MCP server is this test's. */
async function member(world: World, ticket: string, role: string): Promise<string> {
  return takePlaceOf(world, await spawnOne(world, [ticket, '--role', role]));
}

/** Plans, answers questions until all is done, then collects. */
async function lead(client: Client) {
  await use(client, 'init_coordination', { goal: 'Build a REST API', plan: 'The model first.' });
  const add = async (description: string, priority: number, ...dependencies: string[]) =>
    (await use<{ task: TaskLike }>(client, 'create_task', { description, priority, dependencies })).task.id;
  const model = await add('Create User model', 1);
  const login = await add('Create login endpoint', 2, model);
  const logout = await add('Create logout endpoint', 2, model);
  await add('Write the tests', 3, login, logout);
  await add('Write the documentation', 3);
  await use(client, 'send_message', { to: 'all', text: 'The board is set.', type: 'CONTEXT_UPDATE' });
  let [answered, reports] = [0, 0];
  for (;;) {
    const { messages } = await use<{ messages: { id: string; type: string }[] }>(client, 'receive_messages', {
      wait_ms: 1000,
    });
    for (const { id, type } of messages) {
      if (type === 'STATUS_UPDATE') reports++;
      if (type !== 'QUESTION') continue;
      await use(client, 'answer_question', { question_id: id, text: 'Yes' });
      answered++;
    }
    const { tasks } = await use<{ tasks: { total: number; done: number } }>(client, 'get_status');
    if (tasks.done === tasks.total && answered === 2) break;
  }
  await use(client, 'send_message', { to: 'all', text: 'That was all.', type: 'TERMINATE' });
  const { tasks } = await use<{ tasks: TaskLike[] }>(client, 'list_tasks', { status: ['done'] });
  const { memories } = await use<{ memories: { text: string }[] }>(client, 'get_memory', { kind: 'discoveries' });
  return { tasks, answered, reports, discoveries: memories.map(({ text }) => text) };
}

/** Asks whether it may begin, then works on whatever there is until it is told that it was all. */
async function work(client: Client): Promise<string[]> {
  const begun = await use<{ answer: { text: string } | null }>(client, 'ask_question', {
    text: 'May I begin?',
    options: ['Yes', 'No'],
    wait_ms: 40_000,
  });
  expect(begun.answer?.text).toBe('Yes');
  const mine: string[] = [];
  for (;;) {
    const { task } = await use<{ task: TaskLike | null }>(client, 'claim_task');
    if (task === null) {
      // Nothing to do: it waits until somebody says something, or for a moment.
      const { messages } = await use<{ messages: { type: string }[] }>(client, 'receive_messages', { wait_ms: 200 });
      if (messages.some(({ type }) => type === 'TERMINATE')) return mine;
      continue;
    }
    await use(client, 'report_progress', { text: 'begun', task_id: task.id });
    await use(client, 'add_discovery', { text: `${task.description}: mind the tests`, task_id: task.id });
    await use(client, 'complete_task', { task_id: task.id, result: `${task.description}: done.` });
    mine.push(task.id);
  }
}
