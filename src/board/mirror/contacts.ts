import type { Board } from '../context.ts';
import { PERSON_ID } from '../participants.ts';
import { FILES } from './actor.ts';

/** Newest messages that are looked through: what is older than these is no contact that still counts. */
const LOOKED_AT = 10_000;

/** When a message last went between each participant and who leads, seen or not, by the participant's id; ISO 8601. */
export async function contactsWithLeaders(
  { db }: Board,
  leaders: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const isLeader = (id: string) => leaders.has(id) || id === PERSON_ID || id === FILES.id;
  const rows = await db
    .selectFrom('messages')
    .select((eb) => ['from_id', 'to_id', eb.fn.max('created_at').as('at')])
    .where('seq', '>', (eb) =>
      eb.selectFrom('messages').select((max) => max(max.fn.max('seq'), '-', LOOKED_AT).as('from')),
    )
    .groupBy(['from_id', 'to_id'])
    .execute();
  const last = new Map<string, string>();
  for (const { from_id: from, to_id: to, at } of rows) {
    const other = isLeader(from) ? to : isLeader(to) ? from : null;
    if (other !== null && at > (last.get(other) ?? '')) last.set(other, at);
  }
  return last;
}
