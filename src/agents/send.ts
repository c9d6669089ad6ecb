import { exit, UserError } from '../lib/errors.ts';
import { settleAll } from '../lib/parallel.ts';
import type { AgentRow } from '../store/schema.ts';
import type { DeliveryMode } from './deliver/types.ts';
import { deliverTo } from './deliver-to.ts';
import { observe } from './observe.ts';
import { allAgents } from './records.ts';
import { resolveAgents } from './resolve.ts';
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

/** Types a prompt into each agent. What can't be delivered is answered as such; only wrong usage is thrown. */
export async function sendPrompt(session: Session, request: SendRequest): Promise<Delivery[]> {
  const rows = await targets(session, request);
  const results = await settleAll(rows, LANES, (row) => deliverTo(session, row, request));
  const refused = results.find((result) => result.status === 'rejected');
  // One target: its refusal is the answer. Several: each gets its own line.
  if (refused && rows.length === 1) throw refused.reason;
  return results.map((result, index) => {
    if (result.status === 'fulfilled') return result.value;
    const reason = result.reason instanceof Error ? result.reason.message : String(result.reason);
    const agent = rows[index]?.name ?? '';
    return { agent, message: '', state: 'failed', evidence: null, attempts: 0, ms: 0, reason, changes: [] };
  });
}

async function targets(session: Session, request: SendRequest): Promise<AgentRow[]> {
  const { all, role, status, words } = request;
  if (!all && role === null && status === null) {
    const found = await Promise.all(words.map((word) => resolveAgents(session.db, word, { prefix: true })));
    return [...new Map(found.flat().map((row) => [row.id, row])).values()];
  }
  const rows = status === null ? await allAgents(session.db) : (await observe(session)).map(({ row }) => row);
  const chosen = rows.filter(
    (row) =>
      row.status !== 'paused' && (role === null || row.role === role) && (status === null || row.status === status),
  );
  if (chosen.length > 0) return chosen;
  throw new UserError({
    code: 'NO_SUCH_AGENT',
    exit: exit.notFound,
    message: 'No agent fits: there is nobody to send to.',
    hint: 'swarm ls',
    details: { role, status },
  });
}
