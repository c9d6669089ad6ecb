import { describe, expect, it } from 'vitest';
import { boardOf } from '../../src/board/context.ts';
import { findMessage } from '../../src/board/messages/receipts.ts';
import { PERSON } from '../../src/board/participants.ts';
import { shows, spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { takePlaceOf, use, withMcp } from './support.ts';

describe('a message that is sent over MCP to an agent that rests', () => {
  const world = useWorld();

  it('is typed to it, though nobody kept watch', async () => {
    const agent = await spawnOne(world, ['t', '-p', 'First']);
    const id = await withMcp(world, {}, async ({ client }) => {
      const sent = await use<{ messages: { id: string }[] }>(client, 'send_message', {
        to: agent.name,
        text: 'Look here',
      });
      return sent.messages[0]?.id ?? '';
    });
    await shows(world, agent.name, 'Look here');
    const state = () => withWorldSession(world, (session) => findMessage(boardOf(session), PERSON, id));
    await waitFor(async (see) => (see(await state()).state === 'seen' ? true : null), 'it to be seen');
    expect((await world.swarm(['down'])).exitCode).toBe(0);
  });

  it('is not, where a person wants no supervisor, and the sender is told', async () => {
    const agent = await spawnOne(world, ['t']);
    await takePlaceOf(world, agent);
    await withMcp(world, {}, async ({ client }) => {
      const arguments_ = { to: agent.name, text: 'Look here' };
      const { content } = await client.callTool({ name: 'send_message', arguments: arguments_ });
      expect(content[0]).toMatchObject({ text: expect.stringContaining('swarm up') });
    });
  });
});
