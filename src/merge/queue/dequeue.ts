import { recordEvent } from '../../agents/records.ts';
import { resolveAgent } from '../../agents/resolve.ts';
import type { Session } from '../../agents/session.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { withLease } from '../../store/leases.ts';
import { OPEN_MERGES } from '../../store/schema.ts';
import { endedAlready } from './ended.ts';
import { type QueueEntry, type QueueRow, queueLease, toEntry } from './entries.ts';
import { settle } from './settle.ts';

/**
 * Takes an agent's merge out of the queue; `word` also means one that is gone, by the name under which it was queued.
 * @throws UserError exit 3 when none waits, 4 when it runs just now.
 */
export async function dequeue(session: Session, word: string): Promise<QueueEntry> {
  const { name, entries } = await openEntries(session, word);
  let taken: QueueRow | null = null;
  for (const entry of entries) taken = (await takeOut(session, entry)) ?? taken;
  if (taken !== null) return toEntry(taken);
  throw new UserError({
    code: 'NOT_QUEUED',
    exit: exit.notFound,
    message: `No merge of ${name} waits in the queue.`,
    hint: 'swarm queue list --all',
    details: { agent: name },
  });
}

async function openEntries(
  { db }: Session,
  word: string,
): Promise<{ readonly name: string; readonly entries: readonly QueueRow[] }> {
  const open = await db.selectFrom('merge_queue').selectAll().where('state', 'in', OPEN_MERGES).orderBy('id').execute();
  const named = open.filter(({ agent }) => agent === word);
  try {
    const row = await resolveAgent(db, word, { prefix: true });
    const own = open.filter(({ agent_id: id }) => id === row.id);
    return { name: row.name, entries: own.length > 0 ? own : named };
  } catch (error) {
    if (named.length > 0 && error instanceof UserError && error.code === 'NO_SUCH_AGENT')
      return { name: word, entries: named };
    throw error;
  }
}

/** Null when it has come to its end meanwhile. */
async function takeOut(session: Session, entry: QueueRow): Promise<QueueRow | null> {
  if (entry.state !== 'running') return remove(session, entry);
  try {
    // Whoever had its turn holds this for as long as it lives.
    return await withLease(session.db, queueLease(entry.into_branch), 0, async () => {
      const ended = await endedAlready(session, entry);
      if (ended === null || ended.state === 'returned') return remove(session, entry);
      await settle(session, entry, ended);
      return null;
    });
  } catch (error) {
    throw error instanceof UserError && error.code === 'BUSY' ? runs(entry) : error;
  }
}

async function remove(session: Session, entry: QueueRow): Promise<QueueRow | null> {
  const now = new Date().toISOString();
  const row = await session.db
    .updateTable('merge_queue')
    .set({ state: 'removed', updated_at: now })
    .where('id', '=', entry.id)
    .where('state', '=', entry.state)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  await recordEvent(session.db, row.agent, 'merge-unqueued', { into: row.into_branch, entry: row.id });
  return row;
}

function runs({ agent, into_branch: into }: QueueRow): UserError {
  return new UserError({
    code: 'MERGE_RUNS',
    exit: exit.refused,
    message: `${agent}'s merge into ${into} has its turn right now. It stays in the queue.`,
    hint: 'Wait for it, then see: swarm queue list --all',
    details: { agent, into },
  });
}
