import { randomUUID } from 'node:crypto';
import { ownIdentity } from '../process/identity.ts';
import type { AgentRow } from '../store/schema.ts';
import { agentCli } from './clis/index.ts';
import { trustedDialogs } from './consent.ts';
import { deliver, deliverRecorded } from './deliver/deliver.ts';
import { type QueuedPrompt, queuedPrompts, queuePrompt, textOf } from './deliver/queue.ts';
import { recordDelivery, recordOf } from './deliver/records.ts';
import type { DeliveryMode, DeliveryRequest } from './deliver/types.ts';
import { type Observation, observe } from './observe.ts';
import { agentById, noteStatus, recordEvent } from './records.ts';
import { agentFolder, type Session, spoolOf } from './session.ts';
import { isSupervised } from './supervised.ts';
import type { Delivery } from './types.ts';

export interface DeliverOptions {
  readonly text: string;
  readonly mode: DeliveryMode;
  /** Milliseconds to wait for the agent to be able. */
  readonly timeout: number;
  readonly raw: boolean;
  /** Where a supervisor keeps watch, what could not be typed in time waits for it. Default: it fails. */
  readonly queue?: boolean;
}

/** Types a prompt into an agent and proves it; records how it fared. @throws UserError for a text that can't be a prompt. */
export async function deliverTo(session: Session, row: AgentRow, options: DeliverOptions): Promise<Delivery> {
  const [seen] = await observe(session, [row]);
  const runs = seen === undefined ? null : running(seen);
  if (seen === undefined || runs === null) return notTried(session, row, gone(seen?.row ?? row));
  const queue = options.queue === true && (await isSupervised(session.repo));
  const before = queue && options.mode === 'when-idle' ? (await queuedPrompts(session.db, row.id)).length : 0;
  const delivery =
    before > 0
      ? await queuePrompt(session, row, options, `${before} queued before it`)
      : await deliver({ ...(await requestFor(session, row, runs)), ...options, timeoutMs: options.timeout, queue });
  await recordEvent(session.db, row.name, 'delivery', { ...delivery });
  await beginsAnew(session, seen.row, delivery);
  await observe(session, [seen.row]);
  return delivery;
}

/** Who was done with its task and takes a prompt has something to do again, also when that is over before anybody looks. */
async function beginsAnew({ db }: Session, { id }: AgentRow, { state, evidence }: Delivery): Promise<void> {
  const row = state === 'delivered' ? await agentById(db, id) : undefined;
  if (row?.status !== 'done') return;
  const source = evidence === 'hook' ? 'hook' : 'screen';
  await noteStatus(db, row, { status: 'working', reason: 'prompt delivered', source });
}

/**
 * Types a prompt that waited, if its agent can take it within `timeout` milliseconds; else it waits on. Null when it waits
 * no longer: somebody took it back, or typed it.
 */
export async function deliverQueued(
  session: Session,
  seen: Observation,
  prompt: QueuedPrompt,
  timeout: number,
): Promise<Delivery | null> {
  const runs = running(seen);
  if (runs === null || !(await takeOver(session, prompt))) return null;
  const record = recordOf(session.db, prompt.message);
  const text = textOf(session, seen.row, prompt);
  const how = { mode: prompt.mode, raw: true, timeoutMs: timeout, queue: true };
  const delivery =
    text === null
      ? failedDelivery(seen.row, prompt.message, 'its text is gone')
      : await deliverRecorded({ ...(await requestFor(session, seen.row, runs)), ...how, text }, record);
  if (text === null) await record.finish(delivery, { mode: prompt.mode });
  if (delivery.state !== 'queued') await recordEvent(session.db, seen.row.name, 'delivery', { ...delivery });
  await beginsAnew(session, seen.row, delivery);
  return delivery;
}

/** From here on it is this process that is asked about it. */
async function takeOver({ db }: Session, { message }: QueuedPrompt): Promise<boolean> {
  const me = await ownIdentity();
  const taken = await db
    .updateTable('deliveries')
    .set({ pid: me.pid, pid_start: me.start })
    .where('id', '=', message)
    .where('state', '=', 'queued')
    .where('queued', 'is not', null)
    .returning('id')
    .executeTakeFirst();
  return taken !== undefined;
}

/** Where its process runs; null when there is none that could take a prompt. */
function running({ row, pane }: Observation): { readonly pane: string; readonly pid: number } | null {
  return pane === null || pane.dead || row.pid === null ? null : { pane: pane.pane, pid: pane.pid };
}

async function requestFor(
  session: Session,
  row: AgentRow,
  at: { readonly pane: string; readonly pid: number },
): Promise<Omit<DeliveryRequest, 'text' | 'raw' | 'mode' | 'timeoutMs' | 'queue'>> {
  return {
    db: session.db,
    tmux: session.tmux,
    cli: agentCli(row.cli, session.config),
    agentId: row.id,
    agentName: row.name,
    agentDir: agentFolder(session.repo, row),
    ...at,
    spoolDir: spoolOf(session.repo, row),
    dialogsTrust: await trustedDialogs(session),
  };
}

function gone({ name, status }: AgentRow): string {
  const back = status === 'paused' ? 'resume' : 'restart';
  return `${name} is ${status}, nothing runs that could take a prompt; swarm ${back} ${name} starts it`;
}

/** A delivery that had nowhere to go, on record like any other. */
async function notTried(session: Session, row: AgentRow, reason: string): Promise<Delivery> {
  const delivery = failedDelivery(row, randomUUID(), reason);
  await recordDelivery(session.db, row.id, delivery, null);
  await recordEvent(session.db, row.name, 'delivery', { ...delivery });
  return delivery;
}

function failedDelivery({ name }: AgentRow, message: string, reason: string): Delivery {
  return { agent: name, message, state: 'failed', evidence: null, attempts: 0, ms: 0, reason, changes: [] };
}
