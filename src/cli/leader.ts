import { resolveAgent } from '../agents/resolve.ts';
import type { Session } from '../agents/session.ts';
import type { Participant } from '../board/participants.ts';
import { notALeader } from '../board/tasks/refusals.ts';
import type { AgentRow } from '../store/schema.ts';
import { callerIn } from './as.ts';

/**
 * For what brings work home: a person may, and an agent that leads; with `own` also an agent with its own work. What a
 * worker could merge by itself nobody would have looked at.
 * @throws UserError exit 4 for everybody else.
 */
export async function requireLeader(session: Session, what: string, own: AgentRow | null = null): Promise<void> {
  const me = await callerIn(session);
  if (!me.leads && me.id !== own?.id) throw notALeader(me, what, askingInstead(me));
}

/** The same for whom a word names. @throws UserError exit 3 where it names nobody, 4 as {@link requireLeader}. */
export async function requireLeaderOf(session: Session, word: string, what: string): Promise<void> {
  const { leads } = await callerIn(session);
  if (!leads) await requireLeader(session, what, await resolveAgent(session.db, word, { prefix: true }));
}

/** How somebody who doesn't lead gets their own work merged. */
const askingInstead = ({ name }: Participant): string =>
  `To ask a leader to merge yours (over MCP: request_merge): swarm queue add ${name}`;
