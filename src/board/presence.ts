import type { Board } from './context.ts';
import { renewLeases } from './tasks/lease.ts';

/** Milliseconds within which another sign of life is not written down again. */
const GRAIN = 5000;

/** A participant has just done something: it is there, and what it holds stays its own. */
export async function signOfLife(board: Board, participantId: string, now = Date.now()): Promise<void> {
  await board.db
    .updateTable('participants')
    .set({ last_seen_at: new Date(now).toISOString() })
    .where('id', '=', participantId)
    .where('last_seen_at', '<', new Date(now - GRAIN).toISOString())
    .execute();
  await renewLeases(board, participantId, now);
}
