import { randomUUID } from 'node:crypto';
import { messageOf, UserError } from '../../lib/errors.ts';
import { withLease } from '../../store/leases.ts';
import type { Delivery } from '../types.ts';
import { attempt } from './attempt.ts';
import { normalise } from './normalise.ts';
import { type DeliveryRecord, nameOf, openRecord } from './records.ts';
import { type DeliveryRequest, failed, type Outcome, queued, unknown } from './types.ts';

/**
 * Types a prompt into an agent's window, submits it, and answers with proof that it arrived, or with what happened
 * instead. At most once: what was typed and not proven is never typed again by itself.
 *
 * Only into the process that was meant, in the foreground of its terminal, able by its adapter's word in two looks in
 * a row, with an empty input box and no dialog. One delivery at a time for each agent. The text travels as a bracketed
 * paste; Enter follows when the program has taken it in and kept still; proof is the agent's own hook, or a box that
 * emptied.
 * @throws UserError exit 2 for an empty prompt, exit 6 for one that a line-mode program can't take.
 */
export async function deliver(request: DeliveryRequest): Promise<Delivery> {
  const begin = performance.now();
  const { text, changes } = normalise(request.text, request.cli, request.raw);
  const { db, agentId, agentDir } = request;
  const record = await openRecord(db, { message: randomUUID(), agentId, agentDir, text });
  return { ...(await deliverRecorded({ ...request, text }, record, begin)), changes };
}

/** The same for a text that is on record already, as it is to be typed. `begin`: when it began, as performance.now() says. */
export async function deliverRecorded(
  request: DeliveryRequest,
  record: DeliveryRecord,
  begin: number = performance.now(),
): Promise<Delivery> {
  const { outcome, thrown } = await settled(request, request.text, record);
  const delivery: Delivery = {
    agent: request.agentName ?? nameOf(request.agentDir),
    message: record.message,
    ...outcome,
    ms: Math.round(performance.now() - begin),
    changes: [],
  };
  await record.finish(delivery, { mode: request.mode });
  if (thrown !== null) throw thrown;
  return delivery;
}

/** The attempt under the agent's lease. What goes wrong on the way becomes an outcome; a bug is recorded and thrown on. */
async function settled(
  request: DeliveryRequest,
  text: string,
  record: DeliveryRecord,
): Promise<{ readonly outcome: Outcome; readonly thrown: unknown }> {
  let reached: 'queued' | 'pasting' | 'submitted' = 'queued';
  const following: DeliveryRecord = {
    ...record,
    state: (state) => {
      reached = state;
      return record.state(state);
    },
  };
  const begin = performance.now();
  try {
    const outcome = await withLease(request.db, `deliver:${request.agentId}`, request.timeoutMs, () => {
      const timeoutMs = Math.max(0, request.timeoutMs - (performance.now() - begin));
      return attempt({ ...request, timeoutMs }, text, following);
    });
    return { outcome, thrown: null };
  } catch (error) {
    const reason = messageOf(error);
    // Another delivery has the agent.
    const busy = error instanceof UserError && error.code === 'BUSY' && reached === 'queued';
    if (busy && request.queue) return { outcome: queued(reason), thrown: null };
    const outcome = (reached as string) === 'submitted' ? unknown(reason, 1) : failed(reason);
    return { outcome, thrown: error instanceof UserError ? null : error };
  }
}
