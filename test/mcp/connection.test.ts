import { describe, expect, it } from 'vitest';
import { boardOf } from '../../src/board/context.ts';
import { addMemory } from '../../src/board/memory.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { findMessage } from '../../src/board/messages/receipts.ts';
import { guest, PERSON } from '../../src/board/participants.ts';
import { addTask } from '../../src/board/tasks/add.ts';
import { call, sharedWorld, spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { waitFor } from '../support/wait.ts';
import { takePlaceOf, use, withMcp } from './support.ts';

describe.each([
  ['2025', false],
  ['2026', true],
])('a connection in the protocol of %s', (year, modern) => {
  const world = sharedWorld();

  it('is told who it is and how the board works', async () => {
    await withMcp(world, { modern, args: ['--as', `terminal-${year}`] }, async ({ client }) => {
      expect(client.getInstructions()).toContain(`You are terminal-${year} (worker)`);
      expect(client.getNegotiatedProtocolVersion()).toContain(year);
      expect(await use(client, 'claim_task')).toMatchObject({ task: null });
    });
  });

  it('reads plan, tasks and discoveries, and hears of what it asked for', async () => {
    await withMcp(world, { modern }, async ({ client }) => {
      const text = async (uri: string) => {
        const { contents } = await client.readResource({ uri });
        return contents.map((one) => ('text' in one ? one.text : '')).join('');
      };
      const { resources } = await client.listResources();
      expect(resources.map(({ uri }) => uri)).toEqual(['swarm://plan', 'swarm://tasks', 'swarm://discoveries']);
      await use(client, 'init_coordination', { goal: `Goal of ${year}`, plan: '- first' });
      expect(await text('swarm://plan')).toContain(`Goal of ${year}`);
      expect(await text('swarm://discoveries')).toContain('Nobody');
      await expect(client.readResource({ uri: 'swarm://secrets' })).rejects.toThrow('swarm://secrets');

      const heard: string[] = [];
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
        heard.push(params.uri);
      });
      const uris = ['swarm://tasks', 'swarm://discoveries'];
      if (modern) await client.listen({ resourceSubscriptions: uris });
      else for (const uri of uris) await client.subscribeResource({ uri });
      await withWorldSession(world, (session) => addTask(boardOf(session), PERSON, { description: 'From elsewhere' }));
      await waitFor(() => (heard.includes('swarm://tasks') ? true : null), 'the tasks to be told of');
      expect(heard).toEqual(['swarm://tasks']);
      expect(JSON.parse(await text('swarm://tasks'))).toMatchObject({ tasks: [{ description: 'From elsewhere' }] });
      const found = { kind: 'discoveries', text: 'It is slow', team: true } as const;
      await withWorldSession(world, (session) => addMemory(boardOf(session), PERSON, found));
      await waitFor(() => (heard.includes('swarm://discoveries') ? true : null), 'the discovery to be told of');
      expect(await text('swarm://discoveries')).toContain('It is slow');
    });
  });

  it('tells that it waits, to who asks, and a wait that is cancelled loses nothing', async () => {
    await withMcp(world, { modern, args: ['--as', `waiter-${year}`] }, async ({ client }) => {
      const over = new AbortController();
      const told: string[] = [];
      const wait = client.callTool(
        { name: 'receive_messages', arguments: { wait_ms: 45_000 } },
        { signal: over.signal, onprogress: ({ message = '' }) => void told.push(message) },
      );
      wait.catch(() => {});
      await waitFor(() => (told.length > 0 ? true : null), 'a sign of progress');
      expect(told[0]).toContain('waiting for messages');
      over.abort();
      await expect(wait).rejects.toThrow();
      const wish = { to: [guest(`waiter-${year}`)], text: 'Still here?' };
      await withWorldSession(world, (session) => postMessage(boardOf(session), PERSON, wish));
      expect(await use(client, 'receive_messages', { wait_ms: 10_000 })).toMatchObject({
        messages: [{ text: 'Still here?' }],
      });
    });
  });

  it('hands messages over again that went with a connection that ended', async () => {
    const name = `lost-${year}`;
    const wish = { to: [guest(name)], text: 'Once or twice' };
    const [sent] = await withWorldSession(world, async (session) => {
      await withMcp(world, { args: ['--as', name] }, async ({ client }) => use(client, 'heartbeat'));
      return postMessage(boardOf(session), PERSON, wish);
    });
    const state = () =>
      withWorldSession(world, async (session) => (await findMessage(boardOf(session), PERSON, sent?.id ?? '')).state);
    const read = () =>
      withMcp(world, { modern, args: ['--as', name] }, ({ client }) =>
        use<{ messages: { id: string }[] }>(client, 'receive_messages'),
      );
    expect((await read()).messages).toMatchObject([{ id: sent?.id }]);
    expect(await state()).toBe('delivered');
    expect((await read()).messages).toMatchObject([{ id: sent?.id }]);
  });
});

describe('calls as evidence of what an agent does', () => {
  const world = sharedWorld();

  it('show its status: a call that works, one that waits for messages, one that waits for a person', async () => {
    const script = world.write('quiet.yaml', 'on:\n  - prompt: .*\n    do: [hang]\n');
    const agent = await spawnOne(world, ['t', '-p', 'Work', '--', '--script', script]);
    const token = await takePlaceOf(world, agent);
    const status = async () => (await call(world, 'status', ['status', agent.name, '--explain'])).agent;
    await withMcp(world, { env: { SWARM_TOKEN: token } }, async ({ client }) => {
      const over = new AbortController();
      const wait = client.callTool(
        { name: 'receive_messages', arguments: { wait_ms: 40_000 } },
        { signal: over.signal },
      );
      wait.catch(() => {});
      // Its screen says that it works: the call that waits knows better, for as long as it does.
      const reason = 'mcp receive_messages waits for messages';
      await waitFor(async (see) => (see(await status()).reason === reason ? true : null), 'the wait to be seen');
      expect(await status()).toMatchObject({ status: 'idle', source: 'mcp', reason });
      over.abort();
      await waitFor(async (see) => (see(await status()).status === 'working' ? true : null), 'it to work again');

      const asking = client.callTool({ name: 'ask_question', arguments: { text: 'May I?', wait_ms: 40_000 } });
      await waitFor(async (see) => (see(await status()).status === 'waiting' ? true : null), 'the question to be seen');
      await withMcp(world, {}, ({ client: person }) =>
        use(person, 'answer_question', { question_id: agent.name, text: 'Yes' }),
      );
      expect(await asking).toMatchObject({ structuredContent: { answer: { text: 'Yes' } } });
      await waitFor(async (see) => (see(await status()).status === 'working' ? true : null), 'it to work again');
    });
    const { stdout } = await world.swarm(['status', agent.name, '--explain']);
    expect(stdout).toContain('ask_question');
  });
});
