import type { Board } from './context.ts';
import { callerOf, enter, type Participant, PERSON, participantOfAgent } from './participants.ts';
import { resolveParticipant } from './roster.ts';

/**
 * Who is called so, taken at their word: an agent, the person, who leads, or somebody who joins under that name now. For what people
 * and agents write into files: nobody can show there who they are, and whoever may write them may run swarm as well.
 * @throws UserError exit 2 for a name that can't be one.
 */
export async function participantNamed(board: Board, name: string): Promise<Participant> {
  if (name === PERSON.name) return enter(board, PERSON);
  if (name === 'leader') return resolveParticipant(board, name);
  const agent = await board.db.selectFrom('agents').selectAll().where('name', '=', name).executeTakeFirst();
  return agent === undefined ? callerOf(board, {}, name) : enter(board, participantOfAgent(agent));
}
