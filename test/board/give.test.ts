import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { readInbox } from '../../src/board/messages/inbox.ts';
import { INBOX_LIMIT, TEXT_LIMIT } from '../../src/board/messages/limits.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { listMessages, markSeen } from '../../src/board/messages/receipts.ts';
import type { Message } from '../../src/board/messages/types.ts';
import { type Participant, PERSON } from '../../src/board/participants.ts';
import { assignmentPayload } from '../../src/board/tasks/assignment.ts';
import { changeTask } from '../../src/board/tasks/change-task.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { failTask } from '../../src/board/tasks/finish.ts';
import { giveTask } from '../../src/board/tasks/give.ts';
import { assignmentText, taskPrompt } from '../../src/board/tasks/prompt.ts';
import { readTask } from '../../src/board/tasks/read.ts';
import { blockTask, releaseTask } from '../../src/board/tasks/release.ts';
import { useWorld } from '../support/world.ts';
import { add, addAgent, withWorldBoard } from './support.ts';

const world = useWorld();
const withBoard = (work: (board: Board) => Promise<void>) => withWorldBoard(world, work);

describe('giving a task', () => {
  it('says to programs what fits into a message', () =>
    withBoard(async (board) => {
      const place = { branch: 'b', worktree: '/w' };
      const hints = '"'.repeat(20_000);
      const task = await add(board, '語'.repeat(20_000), { context: { hints } });
      const payload = assignmentPayload(task, place, { into: 'main' });
      expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThan(TEXT_LIMIT);
      expect(payload).toMatchObject({ ...{ branch: 'b', workingDirectory: '/w', into: 'main' }, context: [] });
    }));

  it('says in words what fits into a message, where the rest is, and how to report', () =>
    withBoard(async (board) => {
      const short = await add(board, 'Do it');
      expect(await assignmentText(board, short)).toBe(await taskPrompt(board, short));
      for (const letter of ['語', '😀', 'x語']) {
        const long = await add(board, letter.repeat(20_000 / letter.length), {
          context: { hints: letter.repeat(10_000) },
        });
        const text = await assignmentText(board, long);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(TEXT_LIMIT);
        expect(Buffer.byteLength(text)).toBeGreaterThan(TEXT_LIMIT - 8);
        expect(text).toBe(text.toWellFormed());
        expect(text).not.toContain('\ufffd');
        expect(text).toMatch(new RegExp(`…\\nThe rest: swarm task show ${long.id}\\nYou hold this task\\.`, 'u'));
      }
    }));

  it('is refused where it would come back at once, of an agent that has ended', () =>
    withBoard(async (board) => {
      const one = await addAgent(board, 'worker-1', 1);
      const task = await add(board, 'Do it');
      for (const status of ['failed', 'exited']) {
        await board.db.updateTable('agents').set({ status, reason: 'it left' }).where('id', '=', one.id).execute();
        const refused = {
          code: 'AGENT_ENDED',
          message: `${task.id} can't be given to worker-1: it is ${status} (it left).`,
        };
        await expect(giveTask(board, PERSON, task.id, one)).rejects.toMatchObject(refused);
      }
      expect(await readTask(board, task.id)).toMatchObject({ status: 'available', attempt: 0 });
      await board.db.updateTable('agents').set({ status: 'paused' }).where('id', '=', one.id).execute();
      expect((await giveTask(board, PERSON, task.id, one)).claimedBy).toBe('worker-1');
    }));

  it('tells who is to have it, and who had it, and nobody of what they did themselves', () =>
    withBoard(async (board) => {
      const [one, two] = [await addAgent(board, 'worker-1', 1), await addAgent(board, 'worker-2', 2)];
      const chief = await addAgent(board, 'chief', 3, 'leader');
      const told = async (who: Participant) => {
        const inbox = await readInbox(board, who);
        await markSeen(
          board,
          who,
          inbox.map(({ id }) => id),
          'mcp',
        );
        return inbox.map(({ from, type, taskId, text }) => [from, type, taskId, text.split('\n')[0]]);
      };
      await add(board, 'Build it', { context: { files: ['src/a.ts'] } });
      await changeTask(board, PERSON, '1', { edit: {}, assign: 'worker-1' });
      const [assigned] = await listMessages(board, PERSON, { to: one.id });
      expect(assigned?.payload).toMatchObject({ description: 'Build it', context: ['src/a.ts'], priority: 3 });
      expect(await told(one)).toEqual([['person', 'TASK_ASSIGNMENT', 'task-001', 'task-001 (priority 3): Build it']]);
      await giveTask(board, chief, '1', two);
      const lost =
        'task-001 is not yours any more: chief gave it to worker-2. Leave it, and keep what you have done of it.';
      expect(await told(one)).toEqual([['chief', 'CONTEXT_UPDATE', 'task-001', lost]]);
      expect(await told(two)).toMatchObject([['chief', 'TASK_ASSIGNMENT', 'task-001', expect.anything()]]);
      await giveTask(board, chief, '1', chief);
      expect(await told(chief)).toEqual([]);
      expect(await told(two)).toMatchObject([['chief', 'CONTEXT_UPDATE', 'task-001', expect.anything()]]);
      await giveTask(board, chief, '1', PERSON);
      await giveTask(board, PERSON, '1', one);
      expect(await told(PERSON)).toMatchObject([['chief', 'TASK_ASSIGNMENT', 'task-001', expect.anything()]]);
      expect(await told(chief)).toEqual([]);
    }));

  it('is told to who works on it when it asks for something else, not when only its place changes', () =>
    withBoard(async (board) => {
      const one = await addAgent(board, 'worker-1', 1);
      await add(board, 'Build it', { scope: ['src/**'] });
      const texts = async () => (await readInbox(board, one)).map(({ text }) => text);
      await changeTask(board, PERSON, '1', { edit: { description: 'Build it well' } });
      await claimTask(board, one, { id: '1' });
      await changeTask(board, PERSON, '1', { edit: { priority: 1, scope: ['src/**'], description: 'Build it well' } });
      await changeTask(board, one, '1', { edit: { context: { hints: 'mine' } } }).catch(() => {});
      expect(await texts()).toEqual([]);
      const edit = { description: 'Build it in Rust', context: { files: ['src/main.rs'] } };
      await changeTask(board, PERSON, '1', { edit });
      expect(await texts()).toEqual([
        'task-001, which you hold, was changed by person (what to do, files): swarm task show task-001 (or list_tasks). It says now: Build it in Rust',
      ]);
      await changeTask(board, PERSON, '1', { edit: { scope: ['src/**', 'docs/**'] } });
      expect((await texts())[1]).toMatch(/changed by person \(scope\)/);
    }));

  it('is undone by who leads not without a word to who works on it', () =>
    withBoard(async (board) => {
      const one = await addAgent(board, 'worker-1', 1);
      await add(board, 'Build it');
      const texts = async () => (await readInbox(board, one)).map(({ text }) => text);
      const lost = (how: string) =>
        `task-001 is not yours any more: person ${how}. Leave it, and keep what you have done of it.`;
      const told: string[] = [];
      for (const [end, how] of [
        [() => blockTask(board, PERSON, '1', 'The key is\nmissing.'), 'held it back (The key is missing.)'],
        [() => releaseTask(board, PERSON, '1', null), 'put it back into the queue'],
        [() => failTask(board, PERSON, '1', 'Not needed'), 'gave it up (Not needed)'],
      ] as const) {
        await releaseTask(board, PERSON, '1', null).catch(() => {});
        await claimTask(board, one, { id: '1' });
        await end();
        told.push(lost(how));
        expect(await texts()).toEqual(told);
      }
      // Nobody is told what they did themselves, nor twice.
      await releaseTask(board, PERSON, '1', null);
      await claimTask(board, one, { id: '1' });
      await blockTask(board, one, '1', 'stuck');
      await releaseTask(board, PERSON, '1', 'go on');
      expect(await texts()).toEqual(told);
    }));

  it("is undone where it can't be told", () =>
    withBoard(async (board) => {
      const one = await addAgent(board, 'worker-1', 1);
      await add(board, 'Build it');
      const { id } = (await postMessage(board, PERSON, { to: [one], text: 'x' }))[0] as Message;
      const row = await board.db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
      const { seq: _, ...values } = row;
      const more = Array.from({ length: INBOX_LIMIT }, (_, at) => ({ ...values, id: `${id}-${at}` }));
      for (let at = 0; at < more.length; at += 100)
        await board.db
          .insertInto('messages')
          .values(more.slice(at, at + 100))
          .execute();
      await expect(giveTask(board, PERSON, '1', one)).rejects.toMatchObject({ code: 'INBOX_FULL', exit: 6 });
      expect(await readTask(board, '1')).toMatchObject({ status: 'available', attempt: 0 });
    }));
});
