import { resolveAgent } from '../agents/resolve.ts';
import type { Session } from '../agents/session.ts';
import type { Participant } from '../board/participants.ts';
import { notALeader } from '../board/tasks/refusals.ts';
import type { AgentRow } from '../store/schema.ts';
import { callerIn } from './as.ts';

/**
 * For what brings work home: a person may, and an agent that leads; with `own`, an agent or a word for one, also that one.
 * What a worker could merge by itself nobody would have looked at.
 * @throws UserError exit 4 for everybody else, 3 where the word names nobody.
 */
export async function requireLeader(
  session: Session,
  what: string,
  own: AgentRow | string | null = null,
): Promise<void> {
  const me = await callerIn(session);
  if (me.leads) return;
  const row = typeof own === 'string' ? await resolveAgent(session.db, own, { prefix: true }) : own;
  if (me.id !== row?.id) throw notALeader(me, what, askingInstead(me));
}

/** How somebody who doesn't lead gets their own work merged. */
const askingInstead = ({ name }: Participant): string =>
  `To ask a leader to merge yours (over MCP: request_merge): swarm queue add ${name}`;
