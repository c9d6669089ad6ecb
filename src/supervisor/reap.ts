import { allAgents } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { boardOf } from '../board/context.ts';
import { PERSON_ID } from '../board/participants.ts';
import { expireLeases, releaseAllOf } from '../board/tasks/lease.ts';
import type { Task } from '../board/tasks/types.ts';
import type { AgentRow } from '../store/schema.ts';

/** What is put back here, nobody gave back. */
const DIED = { stranded: true };

/**
 * Puts tasks back into the queue that nobody works on any more: of agents that have ended, of those who hold one and are
 * no more, and, with `expired`, those whose time ran out. Answers with a line for each.
 */
export async function reap(session: Session, over: readonly AgentRow[], expired: boolean): Promise<string[]> {
  const board = boardOf(session);
  const holders = await session.db
    .selectFrom('tasks')
    .select('claimed_by')
    .distinct()
    .where('status', '=', 'claimed')
    .execute();
  if (holders.length === 0) return [];
  const back: Task[] = [];
  for (const row of over) {
    if (!holders.some(({ claimed_by: by }) => by === row.id)) continue;
    back.push(
      ...(await releaseAllOf(board, row.id, `${row.name} is ${row.status}: ${row.reason ?? 'no reason known'}`, DIED)),
    );
  }
  const agents = new Set((await allAgents(session.db)).map(({ id }) => id));
  for (const { claimed_by: by } of holders) {
    const gone = by !== null && by !== PERSON_ID && !by.startsWith('guest:') && !agents.has(by);
    if (gone) back.push(...(await releaseAllOf(board, by, 'its agent is gone', DIED)));
  }
  if (expired) back.push(...(await expireLeases(board, { agents: true })));
  return back.map(({ id, reason }) => `${id} is back in the queue: ${reason}`);
}

/** The same for who comes after a crash or reboot: agents that did not come back hold nothing. */
export async function reapStranded(session: Session): Promise<string[]> {
  const rows = await allAgents(session.db);
  return reap(
    session,
    rows.filter(({ status }) => status === 'failed' || status === 'exited'),
    false,
  );
}
