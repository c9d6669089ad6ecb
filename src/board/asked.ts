import type { SessionDb } from '../store/open.ts';
import { PERSON_ID } from './participants.ts';

/** A question of the board that waits for the person. */
export interface AskedPerson {
  /** Id of the message: `swarm answer ID TEXT`. */
  readonly id: string;
  /** Name. */
  readonly from: string;
  readonly text: string;
  readonly createdAt: string;
}

/** What the person is asked, the most urgent first: one query and no more, for what is shown again and again. */
export async function askedPerson(db: SessionDb): Promise<AskedPerson[]> {
  const rows = await db
    .selectFrom('messages as m')
    .leftJoin('agents as a', 'a.id', 'm.from_id')
    .leftJoin('participants as p', (join) => join.onRef('p.id', '=', 'm.from_id').on('p.kind', '=', 'guest'))
    .select(['m.id', 'm.text', 'm.created_at', 'a.name as agent', 'p.name as guest'])
    .where('m.to_id', '=', PERSON_ID)
    .where('m.type', '=', 'QUESTION')
    .where('m.state', 'in', ['queued', 'delivered', 'seen', 'unknown'])
    .where((eb) => eb.or([eb('m.expires_at', 'is', null), eb('m.expires_at', '>', new Date().toISOString())]))
    // Whoever is gone waits for nothing.
    .where((eb) =>
      eb.or([eb('a.id', 'is not', null), eb.and([eb('p.id', 'is not', null), eb('p.left_at', 'is', null)])]),
    )
    .orderBy('m.rank')
    .orderBy('m.seq')
    .execute();
  return rows.map(({ id, text, created_at, agent, guest }) => ({
    id,
    from: agent ?? guest ?? '',
    text,
    createdAt: created_at,
  }));
}
