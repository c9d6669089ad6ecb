import { withLease } from '../../store/leases.ts';
import type { DeliveryRequest } from './types.ts';

/** Milliseconds to wait for another one's keys: typing a prompt or answering a dialog, each with its proof. */
const PATIENCE = 15_000;

/**
 * Runs `work` while nobody else of swarm's presses keys in the agent's window: neither a prompt between its paste and its
 * Enter nor the answer to a dialog is disturbed. Held for keys only, not while a delivery waits for the agent to be able:
 * what it waits for may be an answer.
 * @throws UserError (exit 6) when another one keeps it for longer than `patience` milliseconds.
 */
export function withKeyboard<T>(
  { db, agentId }: Pick<DeliveryRequest, 'db' | 'agentId'>,
  work: () => Promise<T>,
  patience: number = PATIENCE,
): Promise<T> {
  return withLease(db, `keyboard:${agentId}`, patience, work);
}
