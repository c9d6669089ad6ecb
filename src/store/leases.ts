import { randomUUID } from 'node:crypto';
import { exit, UserError } from '../lib/errors.ts';
import { poll } from '../lib/poll.ts';
import { isAlive, ownIdentity } from '../process/identity.ts';
import type { SessionDb } from './open.ts';
import type { LeaseRow } from './schema.ts';

/**
 * Runs `work` while this process alone holds the named lease. A lease whose holder died is taken over at once
 * (its process is known by number and start time, so no clock decides).
 * @throws UserError (exit 6) when a living holder keeps it for longer than `timeout` milliseconds.
 */
export async function withLease<T>(db: SessionDb, name: string, timeout: number, work: () => Promise<T>): Promise<T> {
  const token = randomUUID();
  const me = await ownIdentity();
  const taken = await poll(() => tryTake(db, name, token, me), { timeout, every: 20 });
  if (taken === null) {
    const holder = await db.selectFrom('leases').select('pid').where('name', '=', name).executeTakeFirst();
    throw new UserError({
      code: 'BUSY',
      exit: exit.undelivered,
      message: `Another swarm (process ${holder?.pid ?? 'unknown'}) is busy with '${name}' and did not finish in ${Math.round(timeout / 1000)} s.`,
      hint: 'Wait for it, then run the same command again.',
      details: { lease: name, pid: holder?.pid ?? null },
    });
  }
  try {
    return await work();
  } finally {
    await db.deleteFrom('leases').where('name', '=', name).where('token', '=', token).execute();
  }
}

/** Whether a living process holds the named lease. */
export async function isHeld(db: SessionDb, name: string): Promise<boolean> {
  const holder = await db.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirst();
  return holder !== undefined && (await isAlive({ pid: holder.pid, start: holder.pid_start }));
}

/** Frees the leases whose holders died. Nobody waits for them, since whoever wants one takes it at once: only tidy. */
export async function freeDeadLeases(db: SessionDb): Promise<void> {
  for (const { name, token, pid, pid_start: start } of await db.selectFrom('leases').selectAll().execute()) {
    if (await isAlive({ pid, start })) continue;
    // The very lease that was judged.
    await db.deleteFrom('leases').where('name', '=', name).where('token', '=', token).execute();
  }
}

async function tryTake(
  db: SessionDb,
  name: string,
  token: string,
  me: { pid: number; start: string | null },
): Promise<true | null> {
  // Reading first: many who wait would hold the database's one write lock most of the time.
  const holder = await db.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirst();
  if (holder && (await isAlive({ pid: holder.pid, start: holder.pid_start }))) return null;
  const row = { name, token, pid: me.pid, pid_start: me.start, at: new Date().toISOString() };
  if (holder) return steal(db, row, holder.token);
  const inserted = await db
    .insertInto('leases')
    .values(row)
    .onConflict((oc) => oc.column('name').doNothing())
    .returning('token')
    .executeTakeFirst();
  return inserted ? true : null;
}

/** Takes the lease of a holder that died, unless somebody else was quicker. */
async function steal(db: SessionDb, row: LeaseRow, from: string): Promise<true | null> {
  const stolen = await db
    .updateTable('leases')
    .set(row)
    .where('name', '=', row.name)
    .where('token', '=', from)
    .returning('token')
    .executeTakeFirst();
  return stolen ? true : null;
}
