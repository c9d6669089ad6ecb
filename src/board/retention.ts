import type { SessionDb } from '../store/open.ts';
import { ring } from './bell.ts';
import { type Board, transact } from './context.ts';
import { recordEvent } from './events.ts';
import { UNSEEN } from './messages/types.ts';

/**
 * Forgets messages that were over before that time (ISO 8601): seen, answered or expired. What waits in an inbox stays, a
 * question without an answer, and what somebody has replied to since, or whose reply is not read yet.
 * @returns how many; `most` at a time.
 */
export async function pruneMessages(db: SessionDb, before: string, most: number): Promise<number> {
  const over = db
    .selectFrom('messages as m')
    .select('m.seq')
    .where('m.created_at', '<', before)
    .where((eb) => eb(eb.fn.coalesce('m.seen_at', 'm.expires_at', 'm.created_at'), '<', before))
    .where((eb) =>
      eb.or([
        eb('m.state', 'in', ['answered', 'expired']),
        eb.and([eb('m.state', '=', 'seen'), eb('m.type', '!=', 'QUESTION')]),
      ]),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('messages as r')
            .select('r.seq')
            .whereRef('r.reply_to', '=', 'm.id')
            .where((reply) => reply.or([reply('r.created_at', '>=', before), reply('r.state', 'in', UNSEEN)])),
        ),
      ),
    )
    .orderBy('m.seq')
    .limit(most);
  const gone = await db.deleteFrom('messages').where('seq', 'in', over).returning('seq').execute();
  return gone.length;
}

/**
 * Lets guests go who hold no task and of whom nothing was seen since that time. Who calls again is back, with what its
 * inbox holds. @returns their names.
 */
export async function letGuestsGo(board: Board, before: string): Promise<string[]> {
  const gone = await transact(board, async ({ db }) => {
    const rows = await db
      .updateTable('participants')
      .set({ left_at: new Date().toISOString() })
      .where('kind', '=', 'guest')
      .where('left_at', 'is', null)
      .where('last_seen_at', '<', before)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('tasks')
              .select('tasks.id')
              .where('tasks.status', '=', 'claimed')
              .whereRef('tasks.claimed_by', '=', 'participants.id'),
          ),
        ),
      )
      .returning(['name', 'last_seen_at'])
      .execute();
    for (const { name, last_seen_at: at } of rows)
      await recordEvent(db, name, 'left', { reason: `not seen since ${at}` });
    return rows.map(({ name }) => name);
  });
  if (gone.length > 0) ring(board);
  return gone;
}
