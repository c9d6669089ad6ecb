import { exit, UserError } from '../lib/errors.ts';
import type { DeliveryMode } from './deliver/types.ts';
import { deliverTo } from './deliver-to.ts';
import { observe } from './observe.ts';
import { forEachAgent, type Picked, pickAgents, type TargetError } from './pick.ts';
import { allAgents } from './records.ts';
import type { Session } from './session.ts';
import type { Delivery } from './types.ts';

export interface SendRequest {
  readonly words: readonly string[];
  readonly all: boolean;
  readonly role: string | null;
  readonly status: string | null;
  readonly text: string;
  readonly mode: DeliveryMode;
  /** Milliseconds. */
  readonly timeout: number;
  readonly raw: boolean;
}

/** Agents typed into at a time. */
const LANES = 16;

export interface Sent {
  readonly deliveries: readonly Delivery[];
  /** Words that named nobody, and texts that an agent's CLI can't take. */
  readonly errors: readonly TargetError[];
}

/** Types a prompt into each agent, side by side. What can't be delivered is answered as such. */
export async function sendPrompt(session: Session, request: SendRequest): Promise<Sent> {
  const picked = await targets(session, request);
  const { done, errors } = await forEachAgent(picked, LANES, (row) =>
    deliverTo(session, row, { ...request, queue: true }),
  );
  return { deliveries: done, errors };
}

async function targets(session: Session, request: SendRequest): Promise<Picked> {
  const { all, role, status, words } = request;
  if (!all && role === null && status === null) {
    return pickAgents(session, words, { all: false, prefix: true, several: true });
  }
  const rows = status === null ? await allAgents(session.db) : (await observe(session)).map(({ row }) => row);
  const chosen = rows.filter(
    (row) =>
      row.status !== 'paused' && (role === null || row.role === role) && (status === null || row.status === status),
  );
  if (chosen.length > 0) return { rows: chosen, errors: [] };
  throw new UserError({
    code: 'NO_SUCH_AGENT',
    exit: exit.notFound,
    message: 'No agent fits: there is nobody to send to.',
    hint: 'swarm ls',
    details: { role, status },
  });
}
