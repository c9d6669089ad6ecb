import { forEachAgent, type Picked, type TargetError } from '../../agents/pick.ts';
import type { Session } from '../../agents/session.ts';
import { enqueue, type QueueEntry, type QueueWish } from './entries.ts';

/** Puts the merges of several agents into the queue, in the order in which they are named; what is refused doesn't stop the others. */
export async function enqueueAll(
  session: Session,
  picked: Picked,
  wish: QueueWish,
): Promise<{ readonly done: readonly QueueEntry[]; readonly errors: readonly TargetError[] }> {
  return forEachAgent(picked, 1, (row) => enqueue(session, row, wish));
}
