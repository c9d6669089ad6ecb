import type { AgentRow } from '../store/schema.ts';
import { observe } from './observe.ts';
import type { Session } from './session.ts';
import type { AgentStatus } from './types.ts';

/** Statuses in which an agent writes nothing. One of which nothing is known may well write. */
const RESTING: ReadonlySet<AgentStatus> = new Set(['idle', 'done', 'paused', 'exited', 'failed', 'blocked']);

/** Whether its files stay as they are until somebody speaks to it. */
export const writesNothing = (status: AgentStatus): boolean => RESTING.has(status);

/** Whether its work is as whole as it will be: one that waits for another agent goes on after that. */
export const hasEnded = (status: AgentStatus): boolean => status !== 'blocked' && RESTING.has(status);

/** Looks at it now. */
export async function statusNow(session: Session, row: AgentRow): Promise<AgentStatus> {
  const [seen] = await observe(session, [row]);
  return (seen?.row ?? row).status as AgentStatus;
}
