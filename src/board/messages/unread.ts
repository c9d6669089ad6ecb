import type { SessionDb } from '../../store/open.ts';
import { isTimely } from '../../store/timely.ts';
import { UNSEEN } from './types.ts';

/** How many messages nobody has seen in an inbox, questions among them. */
export async function countUnread(db: SessionDb, id: string): Promise<number> {
  const { unread } = await db
    .selectFrom('messages')
    .select(({ fn }) => fn.countAll<number>().as('unread'))
    .where('to_id', '=', id)
    .where('state', 'in', UNSEEN)
    .where(isTimely)
    .executeTakeFirstOrThrow();
  return Number(unread);
}
