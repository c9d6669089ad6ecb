import { exit, UserError } from '../../lib/errors.ts';

/** Most agents of one session, whoever starts them (design: section 3). */
const MOST_AGENTS = 50;

/** @throws UserError exit 4 when `more` agents beside those that are there would be too many. */
export function requireRoom(there: number, more: number): void {
  if (there + more <= MOST_AGENTS) return;
  throw new UserError({
    code: 'TOO_MANY_AGENTS',
    exit: exit.refused,
    message: `This session has ${there} agents; ${more} more would be over the most of ${MOST_AGENTS}.`,
    hint: 'swarm rm --merged',
    details: { agents: there, most: MOST_AGENTS },
  });
}
