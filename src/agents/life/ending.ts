import { isHeld, withLease } from '../../store/leases.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { Session } from '../session.ts';

/** Milliseconds that another swarm gets that ends the same agent: whoever has the agent's turn is alone anyhow. */
const PATIENCE = 3000;

const leaseOf = (id: string): string => `ends:${id}`;

/**
 * Runs what ends the agent's process, up to the moment when the agent's row says so. The agent's turn says less: whoever
 * merges its work has that, too, and it may crash meanwhile.
 */
export function whileEnding<T>({ db }: Session, { id }: Pick<AgentRow, 'id'>, work: () => Promise<T>): Promise<T> {
  return withLease(db, leaseOf(id), PATIENCE, work);
}

/** Whether a living swarm ends the agent right now: that its process is gone is then no news of the agent. */
export function isBeingEnded({ db }: Session, { id }: Pick<AgentRow, 'id'>): Promise<boolean> {
  return isHeld(db, leaseOf(id));
}
