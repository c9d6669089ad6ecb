import { boardOf } from '../board/context.ts';
import { PERSON_ID } from '../board/participants.ts';
import { namesOf } from '../board/roster.ts';
import { oneLine } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';
import type { BoardEvidence } from './evidence.ts';
import type { Session } from './session.ts';

/** States of a question that nobody has answered. */
const OPEN = ['queued', 'delivered', 'seen', 'unknown'] as const;

/** What the board knows of agents, by id: what they ask, what they hold, and what they have reported done. */
export async function boardEvidence(
  session: Session,
  agents: readonly AgentRow[],
): Promise<ReadonlyMap<string, BoardEvidence>> {
  if (agents.length === 0) return new Map();
  const [asked, claimed, done] = await Promise.all([
    questionsOf(session, agents),
    claimsOf(session),
    doneBy(session, agents),
  ]);
  return new Map(
    agents.map(({ id, since }) => {
      const report = done.get(id);
      // Of a turn that is over, or of this rest: what was reported before is an older story.
      const fresh = report !== undefined && report.at >= since;
      return [id, { asks: asked.get(id) ?? null, holds: claimed.get(id) ?? null, done: fresh ? report.task : null }];
    }),
  );
}

/** The oldest open question of each. */
async function questionsOf(session: Session, agents: readonly AgentRow[]): Promise<Map<string, BoardEvidence['asks']>> {
  const rows = await session.db
    .selectFrom('messages')
    .select(['from_id', 'to_id', 'text'])
    .where('type', '=', 'QUESTION')
    .where('state', 'in', OPEN)
    .orderBy('seq', 'desc')
    .execute();
  const own = rows.filter(({ from_id: from }) => agents.some(({ id }) => id === from));
  if (own.length === 0) return new Map();
  const name = await namesOf(boardOf(session));
  return new Map(
    own.map(({ from_id: from, to_id: to, text }) => [
      from,
      { of: to === PERSON_ID ? null : name(to), text: oneLine(text, 120) },
    ]),
  );
}

/** The task that each holds; of several, the one claimed last. */
async function claimsOf({ db }: Session): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('tasks')
    .select(['id', 'claimed_by'])
    .where('status', '=', 'claimed')
    .orderBy('claimed_at')
    .execute();
  return new Map(rows.map(({ id, claimed_by: by }) => [by ?? '', id]));
}

/** What each has reported done last, and when. */
async function doneBy(
  { db }: Session,
  agents: readonly AgentRow[],
): Promise<Map<string, { task: string; at: string }>> {
  const earliest = agents.map(({ since }) => since).sort()[0] ?? '';
  const rows = await db
    .selectFrom('tasks')
    .select(['id', 'last_by', 'done_at'])
    .where('status', '=', 'done')
    .where('done_at', '>=', earliest)
    .orderBy('done_at')
    .execute();
  return new Map(rows.map(({ id, last_by: by, done_at: at }) => [by ?? '', { task: id, at: at ?? '' }]));
}
