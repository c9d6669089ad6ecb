import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { callerByToken, callerOf } from '../../src/board/participants.ts';
import { rememberTokenHash, tokenHash } from '../../src/board/proof.ts';
import { listParticipants, namesOf, resolveParticipant } from '../../src/board/roster.ts';
import { addTask } from '../../src/board/tasks/add.ts';
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

  it.each(['person', 'leader', 'all', 'swarm', 'files', '', '../x', 'a b', '-x', 'x'.repeat(65)])(
    'can’t join as %j',
    (name) =>
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

  it('is an agent only with that one’s own token, where its environment has one', () =>
    withBoard(async (board) => {
      const { id } = await addAgent(board, 'worker-1', 1);
      const boss = await addAgent(board, 'boss', 2, 'leader');
      await rememberTokenHash(board.db, id, tokenHash('mine'));
      await rememberTokenHash(board.db, boss.id, tokenHash('of the boss'));
      const as = (name: string, token: string) => callerOf(board, { SWARM_AGENT: name, SWARM_TOKEN: token }, null);
      expect(await as('worker-1', 'mine')).toMatchObject({ id });
      expect(await as('boss', 'of the boss')).toEqual(boss);
      await expect(as('boss', 'bogus')).rejects.toMatchObject({
        code: 'BAD_TOKEN',
        exit: 4,
        hint: 'swarm restart boss',
      });
      await expect(as('boss', 'mine')).rejects.toMatchObject({
        code: 'BAD_TOKEN',
        message: "The environment says 'boss' (SWARM_AGENT), and its SWARM_TOKEN is worker-1's.",
      });
      await expect(as('gone', 'bogus')).rejects.toMatchObject({ code: 'NO_SUCH_AGENT' });
      // Its process goes on under the name that it had.
      await board.db.updateTable('agents').set({ name: 'anna' }).where('id', '=', id).execute();
      expect(await as('worker-1', 'mine')).toMatchObject({ id, name: 'anna' });
    }));

  it('never leads in an agent’s name alone, and is told what is missing', () =>
    withBoard(async (board) => {
      const { id } = await addAgent(board, 'boss', 1, 'leader');
      const me = await callerOf(board, { SWARM_AGENT: 'boss' }, null);
      expect(me).toMatchObject({ id, leads: false });
      await expect(addTask(board, me, { description: 'x' })).rejects.toMatchObject({
        code: 'NO_TOKEN',
        exit: 4,
        message: 'boss may add tasks only with its token (SWARM_TOKEN), and that is not in this environment.',
      });
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
