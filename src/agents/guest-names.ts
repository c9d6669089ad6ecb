import { exit, UserError } from '../lib/errors.ts';
import type { SessionDb } from '../store/open.ts';

/** Names by which guests take part in the board now: an agent of such a name would be taken for the guest. */
export async function guestNames(db: SessionDb): Promise<ReadonlySet<string>> {
  const guests = db.selectFrom('participants').select('name').where('kind', '=', 'guest').where('left_at', 'is', null);
  return new Set((await guests.execute()).map(({ name }) => name));
}

/** @throws UserError exit 4 when a guest has the name. `hint`: what to type then. */
export async function requireNoGuest(db: SessionDb, name: string, hint: string): Promise<void> {
  if (!(await guestNames(db)).has(name)) return;
  throw new UserError({
    code: 'NAME_TAKEN',
    exit: exit.refused,
    message: `Somebody takes part in the board as '${name}'.`,
    hint,
    details: { name },
  });
}
