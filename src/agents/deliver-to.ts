import { randomUUID } from 'node:crypto';
import type { AgentRow } from '../store/schema.ts';
import { agentCli } from './clis/index.ts';
import { trustedDialogs } from './consent.ts';
import { deliver } from './deliver/deliver.ts';
import { recordDelivery } from './deliver/records.ts';
import type { DeliveryMode } from './deliver/types.ts';
import { observe } from './observe.ts';
import { recordEvent } from './records.ts';
import { agentFolder, type Session, spoolOf } from './session.ts';
import type { Delivery } from './types.ts';

export interface DeliverOptions {
  readonly text: string;
  readonly mode: DeliveryMode;
  /** Milliseconds to wait for the agent to be able. */
  readonly timeout: number;
  readonly raw: boolean;
}

/** Types a prompt into an agent and proves it; records how it fared. @throws UserError for a text that can't be a prompt. */
export async function deliverTo(session: Session, row: AgentRow, options: DeliverOptions): Promise<Delivery> {
  const [seen] = await observe(session, [row]);
  const gone = seen?.pane == null || row.pid === null;
  if (gone || seen.pane.dead) {
    const status = seen?.row.status ?? row.status;
    const back = status === 'paused' ? 'resume' : 'restart';
    const reason = `${row.name} is ${status}, nothing runs that could take a prompt; swarm ${back} ${row.name} starts it`;
    return notTried(session, row, reason);
  }
  const delivery = await deliver({
    db: session.db,
    tmux: session.tmux,
    cli: agentCli(row.cli, session.config),
    agentId: row.id,
    agentName: row.name,
    agentDir: agentFolder(session.repo, row),
    pane: seen.pane.pane,
    pid: seen.pane.pid,
    text: options.text,
    raw: options.raw,
    mode: options.mode,
    timeoutMs: options.timeout,
    spoolDir: spoolOf(session.repo, row),
    dialogsTrust: await trustedDialogs(session),
  });
  await recordEvent(session.db, row.name, 'delivery', { ...delivery });
  await observe(session, [seen.row]);
  return delivery;
}

/** A delivery that had nowhere to go, on record like any other. */
async function notTried(session: Session, row: AgentRow, reason: string): Promise<Delivery> {
  const nothing = { evidence: null, attempts: 0, ms: 0, changes: [] } as const;
  const delivery: Delivery = { agent: row.name, message: randomUUID(), state: 'failed', reason, ...nothing };
  await recordDelivery(session.db, row.id, delivery, null);
  await recordEvent(session.db, row.name, 'delivery', { ...delivery });
  return delivery;
}
