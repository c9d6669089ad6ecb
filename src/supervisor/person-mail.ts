import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { askedPerson } from '../board/asked.ts';
import { boardOf } from '../board/context.ts';
import { UNSEEN } from '../board/messages/types.ts';
import { PERSON_ID } from '../board/participants.ts';
import { namesOf } from '../board/roster.ts';
import type { SessionDb } from '../store/open.ts';
import { isTimely } from '../store/timely.ts';
import type { Job } from './jobs.ts';
import type { Notifier } from './notify.ts';

/** Where among the messages the last supervisor got to. */
const CURSOR = 'supervisor.messages';
/** Messages of low priority call nobody. */
const LOW = 2;
/** Of more at once only the number is told. */
const MOST = 3;

/**
 * Tells the person of questions and messages for them that nobody has answered or read, each once: they read them in
 * `swarm tui`, `ls` and `msg`.
 */
export class PersonMail implements Job {
  readonly name = 'person-mail';
  readonly #notifier: Notifier;
  #cursor: number;

  private constructor(cursor: number, notifier: Notifier) {
    this.#cursor = cursor;
    this.#notifier = notifier;
  }

  static async open(db: SessionDb, notifier: Notifier): Promise<PersonMail> {
    const kept = await db.selectFrom('meta').select('value').where('key', '=', CURSOR).executeTakeFirst();
    const last = await db.selectFrom('messages').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
    // Before the first supervisor nobody was told of anything.
    return new PersonMail(Math.min(Number(kept?.value ?? 0), last?.seq ?? 0), notifier);
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    const { db } = session;
    const since = this.#cursor;
    const fresh = db.selectFrom('messages').where('to_id', '=', PERSON_ID).where('seq', '>', since);
    const last = await fresh.select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
    if (last === undefined) return;
    await this.#keepCursor(db, last.seq);
    const news = await openSince(session, since);
    const places = team.flatMap(({ pane }) => pane?.session ?? []);
    if (news.length > MOST) {
      const words = `${news.length} questions and messages wait for you`;
      return this.#notifier.announce(session, `messages ${last.seq}`, words, places);
    }
    for (const { id, words } of news) this.#notifier.announce(session, id, words, places);
  }

  async #keepCursor(db: SessionDb, seq: number): Promise<void> {
    this.#cursor = seq;
    const value = String(seq);
    await db
      .insertInto('meta')
      .values({ key: CURSOR, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
  }
}

/** What has come since and is still open, as a line each. */
async function openSince(session: Session, seq: number): Promise<{ readonly id: string; readonly words: string }[]> {
  const { db } = session;
  const asked = new Set((await askedPerson(db)).map(({ id }) => id));
  const rows = await db
    .selectFrom('messages')
    .select(['id', 'type', 'rank', 'from_id', 'text'])
    .where('to_id', '=', PERSON_ID)
    .where('seq', '>', seq)
    .where((eb) => eb.or([eb('state', 'in', UNSEEN), eb.and({ state: 'seen', type: 'QUESTION' })]))
    .where(isTimely)
    .orderBy('seq')
    .execute();
  const name = await namesOf(boardOf(session));
  return rows.flatMap(({ id, type, rank, from_id: from, text }) => {
    if (type === 'QUESTION') return asked.has(id) ? [{ id, words: `${name(from)} asks: ${text}` }] : [];
    return rank < LOW ? [{ id, words: `message from ${name(from)}: ${text}` }] : [];
  });
}
