import { newAgentRow } from '../../src/agents/records.ts';
import type { Session } from '../../src/agents/session.ts';
import { type Board, boardOf } from '../../src/board/context.ts';
import { guest, type Participant, participantOfAgent } from '../../src/board/participants.ts';
import { withWorldSession } from '../support/session.ts';
import type { World } from '../support/world.ts';

/** Runs `work` with the board of the world's repository. */
export function withWorldBoard(world: World, work: (board: Board, session: Session) => Promise<void>): Promise<void> {
  return withWorldSession(world, (session) => work(boardOf(session), session));
}

export const [anna, ben] = [guest('anna'), guest('ben')] as const;

/** An agent that is in the store and nowhere else. */
export async function addAgent({ db }: Board, name: string, number: number, role = 'worker'): Promise<Participant> {
  const id = `id-${name}`;
  const wish = { id, name, number, ticket: `ticket-${number}`, cli: 'claude', model: null, args: '[]', options: '{}' };
  const row = { ...newAgentRow(wish), role };
  await db.insertInto('agents').values(row).execute();
  return participantOfAgent(row);
}
