import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { errnoOf } from '../../lib/errors.ts';
import { withLease } from '../../store/leases.ts';
import type { SessionDb } from '../../store/open.ts';
import type { AgentRow } from '../../store/schema.ts';
import { agentCli } from '../clis/index.ts';
import { agentFolder, type Session } from '../session.ts';
import type { Delivery } from '../types.ts';
import { normalise } from './normalise.ts';
import { openRecord, type Waits } from './records.ts';
import type { DeliveryMode } from './types.ts';

/** A prompt that waits for its agent, on disk. */
export interface QueuedPrompt {
  readonly message: string;
  readonly agentId: string;
  /** As it is to be typed. */
  readonly file: string;
  readonly mode: DeliveryMode;
  readonly reason: string | null;
}

/** The prompts that wait, the oldest first; of one agent, or of all. */
export async function queuedPrompts(db: SessionDb, agentId?: string): Promise<QueuedPrompt[]> {
  const all = db
    .selectFrom('deliveries')
    .selectAll()
    .where('state', '=', 'queued')
    .where('queued', 'is not', null)
    .orderBy('created_at');
  const rows = await (agentId === undefined ? all : all.where('agent_id', '=', agentId)).execute();
  return rows.map((row) => ({
    message: row.id,
    agentId: row.agent_id,
    file: row.file,
    mode: (JSON.parse(row.queued ?? '{}') as Waits).mode,
    reason: row.reason,
  }));
}

/** Its text, in the agent's folder as the agent is called now. Null: it is not there. */
export function textOf({ repo }: Session, row: AgentRow, { file }: QueuedPrompt): string | null {
  try {
    return readFileSync(join(agentFolder(repo, row), 'prompts', basename(file)), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Puts a prompt behind those that wait already. @throws UserError for a text that can't be a prompt. */
export async function queuePrompt(
  session: Session,
  row: AgentRow,
  { text, mode, raw }: { readonly text: string; readonly mode: DeliveryMode; readonly raw: boolean },
  reason: string,
): Promise<Delivery> {
  const prompt = normalise(text, agentCli(row.cli, session.config), raw);
  const wanted = { message: randomUUID(), agentId: row.id, agentDir: agentFolder(session.repo, row) };
  const record = await openRecord(session.db, { ...wanted, text: prompt.text });
  const delivery: Delivery = {
    agent: row.name,
    message: record.message,
    state: 'queued',
    evidence: null,
    attempts: 0,
    ms: 0,
    reason,
    changes: prompt.changes,
  };
  await record.finish(delivery, { mode });
  return delivery;
}

/** Milliseconds that a prompt which is just being typed gets to be through. */
export const TYPING = 20_000;

/** Takes back the prompts of an agent that wait; answers how many. One that is being typed already arrives. */
export function takeBackQueued(db: SessionDb, agentId: string, reason: string): Promise<number> {
  return withLease(db, `deliver:${agentId}`, TYPING, async () => {
    const taken = await db
      .updateTable('deliveries')
      .set({ state: 'failed', reason, queued: null })
      .where('agent_id', '=', agentId)
      .where('state', '=', 'queued')
      .where('queued', 'is not', null)
      .returning('id')
      .execute();
    return taken.length;
  });
}
