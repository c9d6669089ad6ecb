import { boardOf } from '../../board/context.ts';
import { callerOf } from '../../board/participants.ts';
import { notALeader } from '../../board/tasks/refusals.ts';
import { exit, UserError } from '../../lib/errors.ts';
import type { Session } from '../session.ts';

/** The role of an agent for which nobody says another. */
export const PLAIN_ROLE = 'worker';

/**
 * A role is a word; `leader` is one with more rights on the board, which an agent can't give to one that it starts unless
 * it has them. @throws UserError exit 2 for what is no word, 4 for an agent that reaches higher than it stands.
 */
export async function requireRole(session: Session, role: string): Promise<void> {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(role)) {
    throw new UserError({
      code: 'BAD_ROLE',
      exit: exit.usage,
      message: `'${role}' can't be a role. Expected a word of small letters, digits and '-', at most 32: worker, leader, reviewer.`,
      hint: 'swarm spawn ticket-42 --role reviewer',
      details: { role },
    });
  }
  if (role !== 'leader' || !session.env['SWARM_AGENT']) return;
  const me = await callerOf(boardOf(session), session.env, null);
  const { name, leads, unproven } = me;
  if (leads) return;
  if (unproven) throw notALeader(me, 'start another leader');
  throw new UserError({
    code: 'NOT_A_LEADER',
    exit: exit.refused,
    message: `${name} is no leader, and only a leader may start another one.`,
    hint: 'In a terminal of yours: swarm spawn TICKET --role leader',
    details: { participant: name },
  });
}
