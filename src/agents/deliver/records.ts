import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { exit, UserError } from '../../lib/errors.ts';
import { isAlive, ownIdentity } from '../../process/identity.ts';
import type { SessionDb } from '../../store/open.ts';
import type { DeliveryRow } from '../../store/schema.ts';
import type { Delivery } from '../types.ts';
import type { DeliveryMode } from './types.ts';

/** States of a row: `queued` (nothing typed yet), `pasting`, `submitted` (Enter is or was about to be pressed), then how it ended. */
type RowState = 'pasting' | 'submitted';

/** States of a delivery that has not ended. */
export const DELIVERY_OPEN = ['queued', 'pasting', 'submitted'];

/** What else has to be known of a prompt that waits: its text is as it is to be typed. */
export interface Waits {
  readonly mode: DeliveryMode;
}

/** A delivery that is under way, on disk before anything is typed. */
export interface DeliveryRecord {
  readonly message: string;
  state(state: RowState): Promise<void>;
  /** `waits`: how to type it once it can be, of one that ends up queued. */
  finish(delivery: Delivery, waits: Waits): Promise<void>;
}

/** Keeps the text (0600) and the row. */
export async function openRecord(
  db: SessionDb,
  wanted: { readonly message: string; readonly agentId: string; readonly agentDir: string; readonly text: string },
): Promise<DeliveryRecord> {
  const { message } = wanted;
  const file = join(wanted.agentDir, 'prompts', `${message}.txt`);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, wanted.text, { mode: 0o600 });
  // `<session>/agents/<name>/prompts/…`: the session's folder may move, its inside doesn't.
  const inside = relative(dirname(dirname(wanted.agentDir)), file);
  await insert(db, { id: message, agentId: wanted.agentId, state: 'queued', file: inside });
  return recordOf(db, message);
}

/** The record of a delivery that is on disk already. */
export function recordOf(db: SessionDb, message: string): DeliveryRecord {
  const update = (values: object) => db.updateTable('deliveries').set(values).where('id', '=', message).execute();
  return {
    message,
    state: async (state) => {
      const open = db.updateTable('deliveries').set({ state }).where('id', '=', message);
      const changed = await open.where('state', 'in', DELIVERY_OPEN).returning('id').executeTakeFirst();
      if (changed === undefined) throw takenBack();
    },
    finish: async ({ state, evidence, attempts, ms, reason }, waits) => {
      const queued = state === 'queued' ? JSON.stringify(waits) : null;
      await update({ state, evidence, attempts, ms, reason, queued });
    },
  };
}

/** Somebody took back a prompt that waited, before it was typed. */
function takenBack(): UserError {
  return new UserError({
    code: 'TAKEN_BACK',
    exit: exit.undelivered,
    message: 'it was taken back before it was typed',
    hint: null,
  });
}

/** Records a delivery that went another way than by typing (a prompt in the process's arguments). */
export async function recordDelivery(
  db: SessionDb,
  agentId: string,
  delivery: Delivery,
  file: string | null,
): Promise<void> {
  const { message, state, evidence, attempts, ms, reason } = delivery;
  await insert(db, { id: message, agentId, state, file: file ?? '', evidence, attempts, ms, reason });
}

async function insert(
  db: SessionDb,
  row: { readonly id: string; readonly agentId: string; readonly state: string; readonly file: string } & Partial<
    Pick<Delivery, 'evidence' | 'attempts' | 'ms' | 'reason'>
  >,
): Promise<void> {
  const me = await ownIdentity();
  const { agentId, ...rest } = row;
  await db
    .insertInto('deliveries')
    .values({
      evidence: null,
      attempts: 0,
      ms: null,
      reason: null,
      ...rest,
      agent_id: agentId,
      pid: me.pid,
      pid_start: me.start,
      created_at: new Date().toISOString(),
    })
    .execute();
}

/** A delivery that its swarm did not live to finish. */
export interface InterruptedDelivery {
  readonly message: string;
  readonly agentId: string;
  /** `failed`: nothing had been typed. `unknown`: it may have arrived, and is never repeated by itself. */
  readonly state: 'failed' | 'unknown';
  readonly reason: string;
  readonly file: string;
}

/** Says of each delivery whose process died halfway what is known of it; a dry run only finds it. */
export async function settleInterrupted(db: SessionDb, dryRun = false): Promise<InterruptedDelivery[]> {
  const open = await db.selectFrom('deliveries').selectAll().where('state', 'in', DELIVERY_OPEN).execute();
  const settled: InterruptedDelivery[] = [];
  for (const row of open) {
    // An argument may wait for a question, a prompt for the supervisor: their process was only the messenger.
    if (row.state === 'queued' && row.reason !== null) continue;
    if (await isAlive({ pid: row.pid, start: row.pid_start })) continue;
    const state = row.state === 'queued' ? 'failed' : 'unknown';
    const reason =
      state === 'failed'
        ? 'swarm ended before it had typed anything'
        : 'swarm ended between typing it and seeing it arrive: look before you send it again';
    const found: InterruptedDelivery = { message: row.id, agentId: row.agent_id, state, reason, file: row.file };
    if (dryRun) {
      settled.push(found);
      continue;
    }
    const changed = await db
      .updateTable('deliveries')
      .set({ state, reason })
      .where('id', '=', row.id)
      .where('state', '=', row.state)
      .returning('id')
      .executeTakeFirst();
    if (changed) settled.push(found);
  }
  return settled;
}

/** Whether a prompt is being typed into an agent right now, by whomever: pasted, and not yet seen to be taken. */
export async function isTyped(db: SessionDb, agentId: string): Promise<boolean> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['pid', 'pid_start'])
    .where('agent_id', '=', agentId)
    .where('state', 'in', ['pasting', 'submitted'])
    .execute();
  const alive = await Promise.all(rows.map(({ pid, pid_start: start }) => isAlive({ pid, start })));
  return alive.includes(true);
}

/** How the newest delivery to an agent since then stands; null without one. */
export async function lastDelivery(
  db: SessionDb,
  agentId: string,
  since: string,
): Promise<Pick<DeliveryRow, 'state' | 'file'> | null> {
  const query = db.selectFrom('deliveries').select(['state', 'file']).where('agent_id', '=', agentId);
  return (await query.where('created_at', '>=', since).orderBy('created_at', 'desc').executeTakeFirst()) ?? null;
}

/** The name of the agent that a folder belongs to. */
export function nameOf(agentDir: string): string {
  return basename(agentDir);
}
