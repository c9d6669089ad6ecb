import { boardOf } from '../../board/context.ts';
import { letGuestsGo, pruneMessages } from '../../board/retention.ts';
import { UserError } from '../../lib/errors.ts';
import { withLease } from '../../store/leases.ts';
import { recordEvent } from '../records.ts';
import type { Session } from '../session.ts';
import { archiveEvents } from './archive.ts';
import { pruneDeliveries, pruneMerges, pruneOperations } from './rows.ts';

/** Milliseconds of a day. */
const DAY = 86_400_000;
/** Days for which what is over is kept; tasks and what is kept in mind stay. */
const KEPT = 30;
/** Days after which a guest who holds nothing and has not called is taken to have left. */
const AWAY = 7;
/** Rows of each kind that are dealt with at a time: nobody waits for long for the database meanwhile. */
const MOST = 500;

/** What was tidied up. */
export interface Tidied {
  /** Moved into the archive. */
  readonly events: number;
  /** Forgotten. */
  readonly messages: number;
  readonly deliveries: number;
  readonly operations: number;
  readonly merges: number;
  /** Names of guests who have left. */
  readonly guests: readonly string[];
}

/**
 * Forgets some of what is long over, and puts old events into the archive. Can be run at any time, and again.
 * @returns null where there is no more, or another process is at it.
 */
export async function tidySome(session: Session): Promise<Tidied | null> {
  try {
    return await withLease(session.db, 'tidy', 0, () => tidy(session));
  } catch (error) {
    if (error instanceof UserError && error.code === 'BUSY') return null;
    throw error;
  }
}

/** All of it. */
export async function tidyAll(session: Session): Promise<void> {
  while ((await tidySome(session)) !== null);
}

async function tidy(session: Session): Promise<Tidied | null> {
  const { db } = session;
  const [old, away] = [KEPT, AWAY].map((days) => new Date(Date.now() - days * DAY).toISOString()) as [string, string];
  const tidied: Tidied = {
    guests: await letGuestsGo(boardOf(session), away),
    messages: await pruneMessages(db, old, MOST),
    deliveries: await pruneDeliveries(db, old, MOST),
    operations: await pruneOperations(session, old, MOST),
    merges: await pruneMerges(db, old, MOST),
    events: await archiveEvents(session, old, MOST),
  };
  const { guests, ...counts } = tidied;
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  if (some.length > 0) await recordEvent(db, null, 'tidied', Object.fromEntries(some));
  return some.length === 0 && guests.length === 0 ? null : tidied;
}
