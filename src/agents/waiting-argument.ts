import type { SessionDb } from '../store/open.ts';
import type { AgentRow, DeliveryRow } from '../store/schema.ts';
import { agentCliToSee } from './clis/index.ts';
import { newestEvents } from './events.ts';
import { isRunning } from './life/stop.ts';
import { optionsOf, recordEvent, startOf } from './records.ts';
import { type Session, spoolOf } from './session.ts';
import type { Delivery } from './types.ts';

/** What has become of a first prompt that waited. */
type Settled = Pick<Delivery, 'state' | 'evidence' | 'reason'>;

/**
 * First prompts that went as an argument and waited behind a question: says of each what became of it, once that is to
 * be seen, and answers with those. `busy`: its screen shows that it works. A dry run only finds them.
 */
export async function settleArguments(
  session: Session,
  row: AgentRow,
  { busy = false, dryRun = false }: { readonly busy?: boolean; readonly dryRun?: boolean } = {},
): Promise<Settled[]> {
  const all: Settled[] = [];
  for (const waiting of await waitingArguments(session.db, row.id)) {
    const settled = await outcomeOf(session, row, waiting, busy);
    if (settled === null || !(dryRun || (await keep(session.db, waiting.id, settled)))) continue;
    all.push(settled);
    const { id: message, attempts, ms } = waiting;
    const delivery = { agent: row.name, message, ...settled, attempts, ms, changes: [] };
    if (!dryRun) await recordEvent(session.db, row.name, 'delivery', delivery);
  }
  return all;
}

/** What waits to be typed says how (`queued`), and what is about to be has no reason yet. */
function waitingArguments(db: SessionDb, agentId: string): Promise<DeliveryRow[]> {
  const queued = db.selectFrom('deliveries').selectAll().where('agent_id', '=', agentId).where('state', '=', 'queued');
  return queued.where('queued', 'is', null).where('reason', 'is not', null).execute();
}

async function keep(db: SessionDb, id: string, settled: Settled): Promise<boolean> {
  const same = db.updateTable('deliveries').set(settled).where('id', '=', id).where('state', '=', 'queued');
  return (await same.returning('id').executeTakeFirst()) !== undefined;
}

/** Null: it waits on. */
async function outcomeOf(
  session: Session,
  row: AgentRow,
  waiting: DeliveryRow,
  busy: boolean,
): Promise<Settled | null> {
  const cli = agentCliToSee(row.cli, session.config);
  // Looked for since it was started; what was started after that is another process, with or without the prompt.
  const since = new Date(Date.parse(waiting.created_at) - (waiting.ms ?? 0)).toISOString();
  const again = optionsOf(row).startedAt !== null && startOf(row) > waiting.created_at;
  let told = cli.asks !== undefined;
  for await (const { event, at, payload } of newestEvents(spoolOf(session.repo, row), since)) {
    if (again && at >= startOf(row)) continue;
    if ((cli.events(event, payload)?.prompt ?? null) !== null) {
      return { state: 'delivered', evidence: 'hook', reason: null };
    }
    told = true;
  }
  if (busy && !again) return { state: 'delivered', evidence: 'argument', reason: null };
  if (!again && (await isRunning(row))) return null;
  // One without hooks may have taken it while nobody looked.
  const state = told ? 'failed' : 'unknown';
  return { state, evidence: null, reason: `${cli.title} ended, and nothing seen shows that it took its prompt` };
}
