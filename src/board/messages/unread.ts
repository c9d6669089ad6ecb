import type { SessionDb } from '../../store/open.ts';
import { isTimely } from '../../store/timely.ts';
import { UNSEEN } from './types.ts';

/** How many messages nobody has seen in an inbox; without questions where those are told by themselves. */
export async function countUnread(db: SessionDb, id: string, { questions = true } = {}): Promise<number> {
  const unseen = db
    .selectFrom('messages')
    .select(({ fn }) => fn.countAll<number>().as('unread'))
    .where('to_id', '=', id)
    .where('state', 'in', UNSEEN)
    .where(isTimely);
  const counted = questions ? unseen : unseen.where('type', '!=', 'QUESTION');
  return Number((await counted.executeTakeFirstOrThrow()).unread);
}
