import { describe, expect, it } from 'vitest';
import { readInbox } from '../../src/board/messages/inbox.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { PERSON } from '../../src/board/participants.ts';
import { useWorld } from '../support/world.ts';
import { join, openBoard, useBoard } from './own-board.ts';
import { killingSupervisor, talk } from './talk.ts';

describe('a talk of many processes', () => {
  const world = useWorld();

  it('loses nothing, repeats nothing and keeps the order, while its supervisor is killed again and again', async () => {
    const { result, kills } = await killingSupervisor(world, 1000, () =>
      talk(world, { talkers: 12, count: 125, every: 60 }),
    );
    expect(result.problems).toEqual([]);
    expect(result.messages).toBe(1500);
    expect(kills).toBeGreaterThan(2);
  });
});

describe('many who write to one', () => {
  const world = useWorld();
  const board = useBoard(world);

  it('fill its inbox to the last place, and each is told whether it got one', async () => {
    const ann = await join(board, 'ann');
    const at = new Date().toISOString();
    const there = { to_id: ann.id, from_id: PERSON.id, type: 'TEXT', rank: 1, payload: '{}', created_at: at };
    const ids = Array.from({ length: 990 }, (_, index) => ({
      ...there,
      id: `${index}`,
      text: 'x',
      state: 'queued' as const,
    }));
    await board.db.insertInto('messages').values(ids).execute();
    const boards = await Promise.all(Array.from({ length: 3 }, () => openBoard(board.stateDir)));
    const tries = boards.flatMap((one) =>
      Array.from({ length: 10 }, (_, index) => postMessage(one, PERSON, { to: [ann], text: `${index}` })),
    );
    const ended = await Promise.allSettled(tries);
    for (const one of boards) await one.db.destroy();
    const sent = ended.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    expect(sent).toHaveLength(10);
    for (const one of ended) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'INBOX_FULL' });
    const inbox = await readInbox(board, ann, { limit: 2000 });
    expect(inbox).toHaveLength(1000);
    const last = inbox.slice(-10).map(({ id }) => id);
    expect(last.toSorted()).toEqual(sent.map(({ id }) => id).toSorted());
  });
});
