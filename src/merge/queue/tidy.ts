import { allAgents } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';
import { endWithoutAgent } from './ended.ts';
import { type QueueEntry, toEntry } from './entries.ts';
import { reworkDone } from './rework.ts';
import { settle } from './settle.ts';

/**
 * Brings the queue up to what happened around it: reworks that are reported, and agents that are gone, whose entries would
 * hold up what depends on them for ever. Answers what ended by that.
 */
export async function tidyQueue(session: Session): Promise<QueueEntry[]> {
  const ended = await reworkDone(session);
  const there = new Set((await allAgents(session.db)).map(({ id }) => id));
  // One that runs has somebody who sees to it.
  const waiting = await session.db
    .selectFrom('merge_queue')
    .selectAll()
    .where('state', 'in', ['requested', 'queued', 'rework'])
    .execute();
  for (const entry of waiting.filter(({ agent_id: id }) => !there.has(id))) {
    const row = await settle(session, entry, await endWithoutAgent(session, entry));
    if (row !== null) ended.push(row);
  }
  return ended.map(toEntry);
}
