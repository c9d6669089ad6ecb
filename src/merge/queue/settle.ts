import { recordEvent } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';
import type { MergeQueueRow } from '../../store/schema.ts';
import type { QueueRow } from './entries.ts';

/** What a turn, or its end, changes of an entry. */
export type EntryPatch = Partial<Pick<MergeQueueRow, 'state' | 'reason' | 'result' | 'task_id' | 'tip'>> & {
  readonly rounds?: number;
  readonly rework?: number;
};

/** Changes an entry; a state that it had not is told in the history. Null: somebody else changed its state meanwhile. */
export async function settle(
  session: Session,
  { id, agent, state: from }: QueueRow,
  patch: EntryPatch,
): Promise<QueueRow | null> {
  const row = await session.db
    .updateTable('merge_queue')
    .set({ ...patch, updated_at: new Date().toISOString() })
    .where('id', '=', id)
    .where('state', '=', from)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  const { state, reason, into_branch: into } = row;
  // One that is passed over again and again would fill the history.
  const waitsOn = from === 'running' && state === 'queued';
  if (state !== from && state !== 'running' && !waitsOn)
    await recordEvent(session.db, agent, `merge-${state}`, { into, reason, entry: id });
  return row;
}
