import type { Client } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { boardOf } from '../../src/board/context.ts';
import { findMessage } from '../../src/board/messages/receipts.ts';
import { PERSON } from '../../src/board/participants.ts';
import { sharedWorld, spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { refusal, takePlaceOf, use, withMcp } from './support.ts';

const FOR_LEADERS = ['init_coordination', 'create_task', 'list_conflicts', 'review_changes', 'merge_agent'];
const FOR_ALL = [
  'list_tasks',
  'update_task',
  'claim_task',
  'complete_task',
  'fail_task',
  'release_task',
  'send_message',
  'receive_messages',
  'ask_question',
  'answer_question',
  'add_discovery',
  'add_memory',
  'get_memory',
  'get_status',
  'heartbeat',
  'report_progress',
  'list_agents',
  'get_agent',
  'request_merge',
];

interface TaskLike {
  readonly id: string;
  readonly status: string;
  readonly claimed_by: string | null;
  readonly attempt: number;
}

describe('the tools, as the official client uses them', () => {
  const world = sharedWorld();

  const messageOf = (id: string) => withWorldSession(world, (session) => findMessage(boardOf(session), PERSON, id));

  /** The person, a guest, and a worker by its token. */
  async function withTeam(
    work: (team: { person: Client; guest: Client; worker: Client; name: string }) => Promise<void>,
  ) {
    const agent = await spawnOne(world, ['t', '--another']);
    const token = await takePlaceOf(world, agent);
    await withMcp(world, {}, ({ client: person }) =>
      withMcp(world, { args: ['--as', 'terminal-2'] }, ({ client: guest }) =>
        withMcp(world, { env: { SWARM_TOKEN: token } }, ({ client: worker }) =>
          work({ person, guest, worker, name: agent.name }),
        ),
      ),
    );
  }

  it('are those of the issue, leaders having more; each says what it is and what it does', async () => {
    await withTeam(async ({ person, guest, worker }) => {
      const { tools } = await person.listTools();
      expect(tools.map(({ name }) => name).sort()).toEqual([...FOR_LEADERS, ...FOR_ALL].sort());
      for (const client of [guest, worker]) {
        expect((await client.listTools()).tools.map(({ name }) => name).sort()).toEqual(FOR_ALL.toSorted());
      }
      for (const { name, title, description, inputSchema, outputSchema, annotations } of tools) {
        expect({ name, title, description }).toEqual({
          name,
          title: expect.any(String),
          description: expect.any(String),
        });
        expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
        expect(outputSchema).toMatchObject({ type: 'object' });
        // Explicit: clients take the worst of what is not said, and ask a person before each call.
        expect(annotations).toMatchObject({ destructiveHint: false, openWorldHint: false });
        expect(annotations?.readOnlyHint).toBe(/^(?:list|get|review)_/u.test(name));
      }
    });
  });

  it('carry a plan from its goal to its end', async () => {
    await withTeam(async ({ person, guest, worker, name }) => {
      const { plan } = await use<{ plan: object }>(person, 'init_coordination', {
        goal: 'A REST API',
        plan: '# Steps',
      });
      expect(plan).toMatchObject({ goal: 'A REST API', plan: '# Steps', by: 'person', version: 1 });
      expect(await use(person, 'init_coordination', { goal: 'A better one' })).toMatchObject({
        plan: { plan: '# Steps', version: 2 },
      });
      const context = { files: ['src/schema.ts'], hints: 'Keep it small' };
      const { task: first } = await use<{ task: TaskLike }>(person, 'create_task', {
        description: 'Schema',
        priority: 1,
        context,
      });
      expect(first).toMatchObject({ id: 'task-001', status: 'available', claimed_by: null, priority: 1, context });
      const { task: second } = await use<{ task: TaskLike }>(person, 'create_task', {
        description: 'Routes',
        dependencies: [first.id],
      });
      expect(second).toMatchObject({ status: 'blocked', dependencies: ['task-001'] });

      const claimed = await use<{ task: TaskLike; reason: null }>(worker, 'claim_task');
      expect(claimed).toMatchObject({
        reason: null,
        task: { id: 'task-001', status: 'claimed', claimed_by: name, attempt: 1 },
      });
      // Its answer may have been lost: the same again.
      expect(await use(worker, 'claim_task')).toMatchObject({ task: { id: 'task-001', attempt: 1 } });
      expect(await use(guest, 'claim_task')).toEqual({ task: null, reason: expect.any(String) });
      expect(await use(guest, 'claim_task', { task_id: 'task-001' })).toMatchObject({
        task: null,
        reason: expect.stringContaining(name),
      });
      expect(await use(worker, 'report_progress', { text: 'half of it', task_id: 'task-001', percent: 50 })).toEqual({
        told: null,
      });
      expect(await use(worker, 'heartbeat')).toMatchObject({ you: { name, tasks: ['task-001'], unread: 0 } });
      const result = { task_id: 'task-001', result: 'Done!', commit: 'abc1234', attempt: claimed.task.attempt };
      const done = { status: 'done', result: { summary: 'Done!', commit: 'abc1234', by: name } };
      expect(await use(worker, 'complete_task', result)).toMatchObject({ task: done });
      expect(await use(worker, 'complete_task', result)).toMatchObject({ task: done });

      expect(await use(guest, 'claim_task')).toMatchObject({ task: { id: 'task-002', claimed_by: 'terminal-2' } });
      expect(await use(guest, 'release_task', { task_id: 'task-002', reason: 'no time' })).toMatchObject({
        task: { status: 'available', claimed_by: null, reason: 'no time' },
      });
      expect(await use(worker, 'claim_task')).toMatchObject({ task: { id: 'task-002', attempt: 2 } });
      const stale = { task_id: 'task-002', reason: 'late', attempt: 1 };
      for (const [tool, args] of [
        ['complete_task', { task_id: 'task-002', result: 'late', attempt: 1 }],
        ['fail_task', stale],
        ['release_task', stale],
        ['update_task', { ...stale, status: 'blocked' }],
      ] as const)
        expect((await refusal(worker, tool, args)).code).toBe('STALE_ATTEMPT');
      const { code, text } = await refusal(person, 'update_task', {
        task_id: 'task-002',
        priority: 1,
        status: 'blocked',
      });
      expect(code).toBe('NO_REASON');
      expect(text).toBe(
        'NO_REASON: task-002 needs a reason to hold it back: what it waits for.\nSay why, with reason.',
      );
      expect(await use(guest, 'list_tasks', { status: ['claimed'] })).toMatchObject({ tasks: [{ priority: 3 }] });
      expect(
        await use(worker, 'update_task', { task_id: 'task-002', status: 'blocked', reason: 'needs a key' }),
      ).toMatchObject({
        task: { status: 'blocked', reason: 'needs a key' },
      });
      expect(
        await use(person, 'update_task', { task_id: 'task-002', status: 'available', priority: 2, assign_to: name }),
      ).toMatchObject({ task: { status: 'claimed', claimed_by: name, priority: 2 } });
      expect(await use(worker, 'fail_task', { task_id: 'task-002', reason: 'no key' })).toMatchObject({
        task: { status: 'failed', reason: 'no key' },
      });
      expect(await use(guest, 'get_status')).toMatchObject({
        goal: 'A better one',
        tasks: { total: 2, done: 1, failed: 1, available: 0, claimed: 0, blocked: 0 },
        you: { name: 'terminal-2', leads: false, tasks: [] },
      });
      expect(await use(person, 'list_tasks', { status: ['done'], claimed_by: name })).toMatchObject({
        tasks: [{ id: 'task-001' }],
        total: 1,
      });
      expect(await use(person, 'list_tasks', { limit: 1 })).toMatchObject({ tasks: [{ id: 'task-001' }], total: 2 });
    });
  });

  it('carry messages, and take the next call as proof that they arrived', async () => {
    await withTeam(async ({ person, guest, worker, name }) => {
      // What it was told at its start.
      await use(worker, 'receive_messages');
      const wait = use<{ messages: { id: string; text: string }[] }>(worker, 'receive_messages', { wait_ms: 20_000 });
      const { messages: sent } = await use<{ messages: { id: string }[] }>(person, 'send_message', {
        to: name,
        text: 'Begin',
        type: 'CONTEXT_UPDATE',
        payload: { any: ['thing'] },
      });
      const { messages } = await wait;
      expect(messages).toMatchObject([{ id: sent[0]?.id, from: 'person', text: 'Begin', payload: { any: ['thing'] } }]);
      const state = async () => {
        const { state, evidence } = await messageOf(sent[0]?.id ?? '');
        return { state, evidence };
      };
      expect(await state()).toMatchObject({ state: 'delivered', evidence: null });
      await use(worker, 'heartbeat');
      expect(await state()).toMatchObject({ state: 'seen', evidence: 'mcp' });
      expect(await use(worker, 'receive_messages')).toEqual({ messages: [], waiting: 0 });

      // Urgent ones first; what is not asked for stays.
      await use(person, 'send_message', { to: [name, 'terminal-2'], text: 'low', priority: 'low' });
      await use(person, 'send_message', { to: name, text: 'urgent', priority: 'urgent', type: 'STATUS_REQUEST' });
      expect(await use(worker, 'receive_messages', { types: ['TEXT'], limit: 5 })).toMatchObject({
        messages: [{ text: 'low' }],
        waiting: 1,
      });
      const inbox = await use<{ messages: { id: string; text: string }[] }>(worker, 'receive_messages');
      expect(inbox.messages.map(({ text }) => text)).toEqual(['urgent']);
      expect(await use(worker, 'receive_messages', { ack: [inbox.messages[0]?.id] })).toMatchObject({ messages: [] });
      const mine = sent[0]?.id ?? '';
      const unknown = ['not-an-id', 'ffff0000'];
      expect(await use(worker, 'receive_messages', { ack: [mine, ...unknown] })).toEqual({
        messages: [],
        waiting: 0,
        unknown,
      });
      const reply = await use<{ messages: object[] }>(guest, 'receive_messages');
      const id = (reply.messages[0] as { id: string }).id;
      expect(await use(guest, 'send_message', { text: 'fine', reply_to: id })).toMatchObject({
        messages: [{ to: 'person' }],
      });
      expect(await use(worker, 'send_message', { to: 'all', text: 'to everybody' })).toMatchObject({
        messages: expect.arrayContaining([expect.objectContaining({ to: 'person' })]),
      });
    });
  });

  it('carry questions and answers', async () => {
    await withTeam(async ({ person, guest, worker, name }) => {
      const waits = use<{ question_id: string; answer: { text: string; from: string } }>(worker, 'ask_question', {
        text: 'Red or blue?',
        options: ['Red', 'Blue'],
        wait_ms: 20_000,
      });
      const asked = await use<{ messages: { id: string; type: string }[] }>(person, 'receive_messages', {
        wait_ms: 20_000,
        types: ['QUESTION'],
      });
      const id = asked.messages[0]?.id;
      expect(await use(person, 'get_agent', { name })).toMatchObject({
        open_questions: [{ id, payload: { options: ['Red', 'Blue'] } }],
      });
      expect(await use(person, 'answer_question', { question_id: id, text: '2' })).toMatchObject({
        answer: { text: 'Blue', to: name },
      });
      expect(await waits).toMatchObject({ question_id: id, to: 'person', answer: { text: 'Blue', from: 'person' } });
      await use(worker, 'heartbeat');
      expect(await use(worker, 'receive_messages', { types: ['ANSWER'] })).toMatchObject({ messages: [] });

      expect(await use(worker, 'ask_question', { text: 'And you?', to: 'terminal-2' })).toMatchObject({
        to: 'terminal-2',
        answer: null,
      });
      expect((await refusal(person, 'ask_question', { text: 'me?', to: 'person' })).code).toBe('OWN_QUESTION');
      expect(await use(guest, 'answer_question', { question_id: name, text: 'Both' })).toMatchObject({
        answer: { text: 'Both' },
      });
      expect((await refusal(guest, 'answer_question', { question_id: name, text: 'Again' })).code).toBe(
        'NO_SUCH_QUESTION',
      );
      expect(await use(worker, 'receive_messages')).toMatchObject({
        messages: expect.arrayContaining([expect.objectContaining({ type: 'ANSWER', text: 'Both' })]),
      });
    });
  });

  it('keep what is known, and tell who is there', async () => {
    await withTeam(async ({ person, guest, worker, name }) => {
      const { discovery } = await use<{ discovery: { id: number } }>(worker, 'add_discovery', {
        text: 'The tests need a tty',
      });
      expect(discovery).toMatchObject({ owner: null, kind: 'discoveries', created_by: name });
      expect(await use(worker, 'add_discovery', { text: 'The tests need a tty' })).toEqual({ discovery });
      await use(worker, 'add_memory', { kind: 'files', text: 'src/mine.ts' });
      await use(worker, 'add_memory', { kind: 'decisions', text: 'Use tabs', team: true });
      expect(await use(guest, 'get_memory', { query: 'TTY tests' })).toMatchObject({
        memories: [{ id: discovery.id }],
      });
      expect(await use(guest, 'get_memory', { kind: 'files' })).toEqual({ memories: [] });
      expect(await use(worker, 'get_memory', { whose: 'own' })).toMatchObject({
        memories: [{ text: 'src/mine.ts', owner: name }],
      });

      const { agents } = await use<{ agents: { name: string }[] }>(person, 'list_agents');
      expect(agents.map((one) => one.name)).toEqual(expect.arrayContaining(['person', name, 'terminal-2']));
      expect(await use(guest, 'get_agent', { name })).toMatchObject({
        agent: { kind: 'agent', cli: 'scripted', tasks: [] },
        tasks: [],
      });
      expect(await use(guest, 'get_agent', { name: 'leader' })).toMatchObject({
        agent: { name: 'person', status: null },
      });
    });
  });

  it('refuse what is not the caller’s to do, and say what to do next', async () => {
    await withTeam(async ({ person, guest, worker, name }) => {
      const { task } = await use<{ task: TaskLike }>(person, 'create_task', { description: 'Mine' });
      await use(worker, 'claim_task', { task_id: task.id });
      for (const [tool, args] of [
        ['complete_task', { task_id: task.id, result: 'stolen' }],
        ['fail_task', { task_id: task.id, reason: 'stolen' }],
        ['release_task', { task_id: task.id }],
        ['update_task', { task_id: task.id, status: 'blocked', reason: 'x' }],
      ] as const) {
        const { code, text } = await refusal(guest, tool, args);
        expect({ code, tells: text.includes(name) }).toEqual({ code: 'NOT_YOURS', tells: true });
      }
      expect((await refusal(guest, 'update_task', { task_id: task.id, assign_to: 'terminal-2' })).code).toBe(
        'NOT_A_LEADER',
      );
      expect((await refusal(guest, 'update_task', { task_id: task.id, priority: 1 })).code).toBe('NOT_A_LEADER');
      // Tools that a worker does not have are unknown to it.
      await expect(guest.callTool({ name: 'create_task', arguments: { description: 'x' } })).rejects.toThrow(
        /create_task/u,
      );
      await expect(worker.callTool({ name: 'init_coordination', arguments: { goal: 'x' } })).rejects.toThrow(/init/u);
      expect(await use(worker, 'complete_task', { task_id: task.id, result: 'mine' })).toMatchObject({
        task: { status: 'done' },
      });

      const missing = await refusal(worker, 'complete_task', { task_id: 'task-999', result: 'x' });
      expect(missing).toMatchObject({ code: 'NO_SUCH_TASK', text: expect.stringContaining('list_tasks') });
      expect((await refusal(worker, 'send_message', { to: 'nobody', text: 'x' })).code).toBe('NO_SUCH_PARTICIPANT');
      const about = { to: 'terminal-2', text: 'x', task_id: task.id.replace('task-', '') };
      expect(await use(worker, 'send_message', about)).toMatchObject({ messages: [{ task_id: task.id }] });
      expect((await refusal(worker, 'send_message', { ...about, task_id: '999' })).code).toBe('NO_SUCH_TASK');
      expect((await refusal(worker, 'add_discovery', { text: 'y', task_id: '999' })).code).toBe('NO_SUCH_TASK');
      expect((await refusal(worker, 'ask_question', { ...about, task_id: 'nope-9' })).code).toBe('NO_SUCH_TASK');
      const { question_id } = await use<{ question_id: string }>(worker, 'ask_question', about);
      expect(await messageOf(question_id)).toMatchObject({ type: 'QUESTION', taskId: task.id });
      expect((await refusal(worker, 'send_message', { to: 'terminal-2', text: '' })).text).toContain('empty');
      // The way out in a shell is a flag, which no tool has.
      const odd = { description: 'x', priority: 0 };
      expect((await refusal(person, 'create_task', odd)).text).toMatch(/whole number[^\n]*\nCall it again[^\n]*$/u);
      const never = { to: 'terminal-2', text: 'x', expires_in_ms: Number.MAX_SAFE_INTEGER };
      expect((await refusal(worker, 'send_message', never)).text).toContain('expires_in_ms');
      expect((await refusal(person, 'create_task', { description: 'a', dependencies: ['task-999'] })).code).toBe(
        'NO_SUCH_TASK',
      );
      const { task: other } = await use<{ task: TaskLike }>(person, 'create_task', {
        description: 'b',
        dependencies: [task.id],
      });
      const cycle = await refusal(person, 'update_task', { task_id: task.id, dependencies: [other.id] });
      expect(cycle.code).toBe('CYCLE');
    });
  });

  it.each<[string, object, string?]>([
    ['claim_task', { as: 'worker-2' }],
    ['claim_task', { task_id: 7 }],
    ['complete_task', { task_id: 'task-001' }, 'result'],
    ['complete_task', { task_id: 'task-001', result: '' }],
    ['create_task', { description: '' }],
    ['create_task', { description: 'x', priority: 'high' }],
    ['create_task', { description: 'x', context: { file: ['a'] } }],
    ['receive_messages', { wait_ms: -1 }],
    ['send_message', { to: [], text: 'x' }],
    ['send_message', { to: 'all', text: 'x', type: 'SHOUT' }],
    ['add_memory', { kind: 'gossip', text: 'x' }],
    ['report_progress', { text: 'x', percent: 101 }],
    ['get_agent', {}, 'name'],
    ['init_coordination', { goal: '' }],
  ])('%s refuses %j, naming what is wrong', async (tool, args: object, field?: string) => {
    await withMcp(world, {}, async ({ client }) => {
      const { text } = await refusal(client, tool, args);
      expect(text).toContain('Input validation error');
      expect(text).toMatch(new RegExp(field ?? Object.keys(args).join('|'), 'u'));
    });
  });
});
