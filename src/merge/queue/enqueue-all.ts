import { forEachAgent, type Picked, type TargetError } from '../../agents/pick.ts';
import type { Session } from '../../agents/session.ts';
import type { Participant } from '../../board/participants.ts';
import { notALeader } from '../../board/tasks/refusals.ts';
import { enqueue, type QueueEntry, type QueueWish } from './entries.ts';
import { PLAIN_REQUEST, requestMerge } from './request.ts';

interface Enqueued {
  readonly done: readonly QueueEntry[];
  readonly errors: readonly TargetError[];
}

/** Puts the merges of several agents into the queue, in the order in which they are named; what is refused doesn't stop the others. */
export async function enqueueAll(session: Session, picked: Picked, wish: QueueWish): Promise<Enqueued> {
  return forEachAgent(picked, 1, (row) => enqueue(session, row, wish));
}

/** The same for one who doesn't lead: for its own work a request, which waits for a leader's yes; for others' a refusal. */
export async function requestAll(
  session: Session,
  me: Participant,
  picked: Picked,
  wish: QueueWish,
): Promise<Enqueued> {
  const { into, strategy, priority, rework } = wish;
  const asIs = into === null && strategy === null && priority === PLAIN_REQUEST.priority && !rework;
  return forEachAgent(picked, 1, async (row) => {
    const own = `swarm queue add ${me.name}`;
    if (row.id !== me.id) throw notALeader(me, "put others' merges into the queue", own);
    if (!asIs) throw notALeader(me, 'say where, how and when work is merged', own);
    return (await requestMerge(session, me, null)).entry;
  });
}
