import { describe, expect, it } from 'vitest';
import { transact } from '../../src/board/context.ts';
import { takeLeave } from '../../src/board/departure.ts';
import { peekInbox } from '../../src/board/messages/inbox.ts';
import { INBOX_LIMIT } from '../../src/board/messages/limits.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { PERSON } from '../../src/board/participants.ts';
import { askQuestion, awaitAnswer, openQuestions } from '../../src/board/questions.ts';
import { call, refused } from '../e2e/support.ts';
import { refusal, use, withMcp } from '../mcp/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { join, useBoard } from './own-board.ts';
import { addAgent } from './support.ts';

describe('questions to an agent that is removed', () => {
  const world = useWorld();
  const board = useBoard(world);

  it('are closed, and who asked is told, whatever waits for them already', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    const agent = await addAgent(board, 'worker-1', 1);
    const toAgent = { to: agent, text: 'Which one?' };
    const { id } = await askQuestion(board, ann, toAgent);
    const own = await askQuestion(board, PERSON, { to: agent, text: 'Are you done?' });
    const other = await askQuestion(board, ann, { to: bob, text: 'And you?' });
    await postMessage(board, ann, { to: [agent], text: 'Look here' });
    const full = {
      from_id: bob.id,
      to_id: ann.id,
      type: 'TEXT',
      rank: 0,
      payload: '{}',
      text: '',
      state: 'queued',
    } as const;
    const many = Array.from({ length: INBOX_LIMIT }, (_, index) => ({ ...full, id: `${index}`, created_at: 'now' }));
    await board.db.insertInto('messages').values(many).execute();
    const left = await transact(board, (within) => takeLeave(within, agent));
    expect(left).toEqual({ unread: 3, told: [ann.id, PERSON.id] });
    await board.db.deleteFrom('agents').where('id', '=', agent.id).execute();
    await expect(awaitAnswer(board, id, { wait: 60_000 })).rejects.toMatchObject({
      code: 'QUESTION_CLOSED',
      exit: 6,
      message: expect.stringContaining('worker-1 was removed before it answered'),
    });
    expect(await openQuestions(board)).toMatchObject([{ id: other.id }]);
    expect((await peekInbox(board, ann, { limit: 2000 })).at(-1)).toMatchObject({
      from: 'worker-1',
      type: 'STATUS_UPDATE',
      text: 'worker-1 was removed and answers no more: Which one?',
      replyTo: id,
    });
    expect(await peekInbox(board, PERSON)).toMatchObject([{ replyTo: own.id }]);
  });

  it('end the waiting of who asked, in a terminal and over MCP, and rm says what was not read', async () => {
    await world.swarm(['spawn', '--agent', 'shell', '--name', 'bob', '--no-wait']);
    await refused(world, ['down'], 3);
    await world.swarm(['msg', 'send', 'bob', 'Look here']);
    await withMcp(world, { args: ['--as', 'ann'] }, async ({ client }) => {
      const asked = refusal(client, 'ask_question', { to: 'bob', text: 'Which?', wait_ms: 50_000 });
      const asking = world.start(['ask', 'And which of those?', '--to', 'bob', '--as', 'cid']);
      const open = async () => (await call(world, 'answer', ['answer'])).questions?.length;
      await waitFor(async (see) => (see(await open()) === 2 ? true : null), 'both questions');
      expect((await world.swarm(['rm', 'bob', '--dry-run'])).stdout).toContain(', 3 messages unread');
      expect((await world.swarm(['rm', 'bob'])).stdout).toContain(', 3 messages unread; swarm restore bob');
      const { exitCode, stderr } = await asking.result;
      expect({ exitCode, stderr }).toEqual({ exitCode: 6, stderr: expect.stringContaining('bob was removed') });
      expect((await asked).code).toBe('QUESTION_CLOSED');
      expect(await use(client, 'receive_messages')).toMatchObject({
        messages: [{ type: 'STATUS_UPDATE', from: 'bob' }],
      });
    });
  });
});
