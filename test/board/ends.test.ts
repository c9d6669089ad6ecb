import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { awaitInbox, peekInbox } from '../../src/board/messages/inbox.ts';
import { INBOX_LIMIT } from '../../src/board/messages/limits.ts';
import { type Participant, PERSON } from '../../src/board/participants.ts';
import { addTask } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { completeTask, failTask } from '../../src/board/tasks/finish.ts';
import { useWorld } from '../support/world.ts';
import { addAgent, anna, withWorldBoard } from './support.ts';

const world = useWorld();
const withBoard = (work: (board: Board) => Promise<void>) => withWorldBoard(world, work);
const said = async (board: Board, to: Participant) =>
  (await peekInbox(board, to)).map(({ from, type, text }) => `${from} ${type}: ${text}`);
/** Adds so many tasks, that somebody claims. */
const given = async (board: Board, by: Participant, count: number) => {
  for (let each = 0; each < count; each++) {
    const { id } = await addTask(board, PERSON, { description: 'Work' });
    await claimTask(board, by, { id });
  }
};

describe('the end of a task', () => {
  it('is told to whoever leads, as it is reported, once', () =>
    withBoard(async (board) => {
      const [lead, worker] = [await addAgent(board, 'lead', 1, 'leader'), await addAgent(board, 'worker-2', 2)];
      await given(board, worker, 2);
      const waits = awaitInbox(board, lead, { wait: 60_000 });
      const report = { summary: 'GET and POST\n', commit: 'abc1234' };
      const { result } = await completeTask(board, worker, '1', report);
      expect(await waits).toMatchObject([
        {
          type: 'TASK_COMPLETE',
          from: 'worker-2',
          taskId: 'task-001',
          text: 'task-001 is done: GET and POST',
          payload: { ...result, taskId: 'task-001', summary: 'GET and POST', commit: 'abc1234', by: 'worker-2' },
        },
      ]);
      await completeTask(board, worker, '1', report);
      await failTask(board, worker, '2', 'No such API');
      const [, failed, ...others] = await peekInbox(board, lead);
      expect(failed).toMatchObject({
        type: 'ERROR',
        text: 'task-002 has failed: No such API',
        payload: { taskId: 'task-002', error: 'No such API', by: 'worker-2' },
      });
      expect(others).toEqual([]);
      expect([await said(board, PERSON), await said(board, worker)]).toEqual([[], []]);
    }));

  it('is told to others who lead, and to the parent, but not to who ended it', () =>
    withBoard(async (board) => {
      const [lead, other] = [await addAgent(board, 'lead', 1, 'leader'), await addAgent(board, 'other', 2, 'leader')];
      const [parent, worker] = [await addAgent(board, 'parent', 3), await addAgent(board, 'worker-4', 4)];
      await board.db.updateTable('agents').set({ parent: parent.id }).where('id', '=', worker.id).execute();
      await given(board, worker, 2);
      await completeTask(board, worker, '1', { summary: 'Done' });
      for (const one of [lead, other, parent])
        expect(await said(board, one)).toEqual(['worker-4 TASK_COMPLETE: task-001 is done: Done']);
      await failTask(board, lead, '2', 'Nobody needs it');
      expect(await said(board, lead)).toHaveLength(1);
      expect(await said(board, other)).toContain('lead ERROR: task-002 has failed: Nobody needs it');
    }));

  it('reaches the person where it is a failure that no agent would hear of', () =>
    withBoard(async (board) => {
      await given(board, anna, 4);
      await completeTask(board, anna, '1', { summary: 'Done' });
      await failTask(board, anna, '2', 'No such API');
      await failTask(board, PERSON, '3', 'Nobody needs it');
      const first = 'anna ERROR: task-002 has failed: No such API';
      expect(await said(board, PERSON)).toEqual([first]);
      const lead = await addAgent(board, 'lead', 1, 'leader');
      await board.db.updateTable('agents').set({ status: 'exited' }).execute();
      await failTask(board, anna, '4', 'No idea');
      expect(await said(board, PERSON)).toEqual([first, ...(await said(board, lead))]);
    }));

  it('is reported whatever an inbox has room for', () =>
    withBoard(async (board) => {
      const lead = await addAgent(board, 'lead', 1, 'leader');
      await given(board, anna, 2);
      const { summary, payload } = { summary: '"語'.repeat(10_000), payload: '{}' };
      await completeTask(board, anna, '1', { summary });
      expect((await peekInbox(board, lead))[0]?.text.length).toBeLessThan(2100);
      const full = {
        from_id: anna.id,
        to_id: lead.id,
        type: 'TEXT',
        rank: 1,
        payload,
        text: '',
        state: 'queued',
      } as const;
      const many = Array.from({ length: INBOX_LIMIT }, (_, index) => ({ ...full, id: `${index}`, created_at: 'now' }));
      await board.db.insertInto('messages').values(many).execute();
      expect(await failTask(board, anna, '2', 'No idea')).toMatchObject({ status: 'failed' });
      expect(await peekInbox(board, lead, { types: ['ERROR'] })).toEqual([]);
    }));
});
