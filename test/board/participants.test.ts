import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { callerByToken, callerOf, rememberTokenHash, tokenHash } from '../../src/board/participants.ts';
import { listParticipants, namesOf, resolveParticipant } from '../../src/board/roster.ts';
import { useWorld } from '../support/world.ts';
import { addAgent, withWorldBoard } from './support.ts';

const world = useWorld();

const withBoard = (work: (board: Board) => Promise<void>) => withWorldBoard(world, work);

describe('who calls', () => {
  it('is the person, with a leader’s rights, outside of any agent', () =>
    withBoard(async (board) => {
      expect(await callerOf(board, {}, null)).toMatchObject({ id: 'person', leads: true });
      expect(await callerByToken(board, {}, null)).toMatchObject({ id: 'person', leads: true });
    }));

  it('joins under a name, once, and leads nobody', () =>
    withBoard(async (board) => {
      const joined = await callerOf(board, {}, 'terminal-2');
      expect(joined).toMatchObject({ id: 'guest:terminal-2', kind: 'guest', leads: false });
      expect(await callerOf(board, {}, 'terminal-2')).toEqual(joined);
      const events = await board.db.selectFrom('events').select('agent').where('type', '=', 'joined').execute();
      expect(events).toEqual([{ agent: 'terminal-2' }]);
    }));

  it.each(['person', 'leader', 'all', '', '../x', 'a b', '-x', 'x'.repeat(65)])('can’t join as %j', (name) =>
    withBoard(async (board) => {
      await expect(callerOf(board, {}, name)).rejects.toMatchObject({ code: 'BAD_NAME', exit: 2 });
    }),
  );

  it('is never an agent from outside of its window', () =>
    withBoard(async (board) => {
      await addAgent(board, 'worker-1', 1);
      await expect(callerOf(board, {}, 'worker-1')).rejects.toMatchObject({ code: 'NAME_TAKEN', exit: 4 });
    }));

  it('is the agent that its window belongs to, and nobody else', () =>
    withBoard(async (board) => {
      const { id } = await addAgent(board, 'worker-1', 1);
      const env = { SWARM_AGENT: 'worker-1' };
      expect(await callerOf(board, env, null)).toMatchObject({ id, capabilities: ['worker', 'claude'] });
      await expect(callerOf(board, env, 'terminal-2')).rejects.toMatchObject({ code: 'NOT_YOURS', exit: 4 });
      await expect(callerOf(board, { SWARM_AGENT: 'gone' }, null)).rejects.toMatchObject({ code: 'NO_SUCH_AGENT' });
    }));

  it('is known over a wire by its latest token alone', () =>
    withBoard(async (board) => {
      const { id } = await addAgent(board, 'worker-1', 1);
      await addAgent(board, 'boss', 2, 'leader');
      await rememberTokenHash(board.db, id, tokenHash('first'));
      await rememberTokenHash(board.db, id, tokenHash('second'));
      // Not by the name beside it: who lies about that is still only itself.
      const env = { SWARM_AGENT: 'boss', SWARM_TOKEN: 'second' };
      expect(await callerByToken(board, env, null)).toMatchObject({ name: 'worker-1', leads: false });
      for (const wrong of [{ SWARM_TOKEN: 'first' }, { SWARM_AGENT: 'worker-1' }, { SWARM_TOKEN: '%' }]) {
        await expect(callerByToken(board, wrong, null)).rejects.toMatchObject({ code: 'BAD_TOKEN', exit: 4 });
      }
      await expect(callerByToken(board, env, 'boss')).rejects.toMatchObject({ code: 'NOT_YOURS' });
    }));
});

describe('whom a word names', () => {
  it('finds names, numbers, tickets, prefixes, and the leader', () =>
    withBoard(async (board) => {
      await addAgent(board, 'worker-1', 1);
      await callerOf(board, {}, 'terminal-2');
      expect((await listParticipants(board)).map(({ name }) => name)).toEqual(['person', 'worker-1', 'terminal-2']);
      for (const word of ['worker-1', '1', 'ticket-1', 'work']) {
        expect(await resolveParticipant(board, word)).toMatchObject({ name: 'worker-1' });
      }
      expect(await resolveParticipant(board, 'leader')).toMatchObject({ id: 'person' });
      await addAgent(board, 'boss', 3, 'leader');
      expect(await resolveParticipant(board, 'leader')).toMatchObject({ name: 'boss', leads: true });
      await expect(resolveParticipant(board, 'nobody')).rejects.toMatchObject({ code: 'NO_SUCH_PARTICIPANT', exit: 3 });
    }));

  it('shows an agent under its newest name, and one that left under its last', () =>
    withBoard(async (board) => {
      const { id } = await addAgent(board, 'worker-1', 1);
      await callerOf(board, { SWARM_AGENT: 'worker-1' }, null);
      await board.db.updateTable('agents').set({ name: 'anna' }).where('id', '=', id).execute();
      expect((await namesOf(board))(id)).toBe('anna');
      await board.db.deleteFrom('agents').execute();
      expect((await namesOf(board))(id)).toBe('worker-1');
    }));
});
