import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { boardOf } from '../board/context.ts';
import { PERSON_ID } from '../board/participants.ts';
import { namesOf } from '../board/roster.ts';
import type { SessionDb } from '../store/open.ts';
import type { Job } from './jobs.ts';
import type { Notifier } from './notify.ts';

/** Where among the messages the last supervisor got to. */
const CURSOR = 'supervisor.messages';
/** Messages of low priority call nobody. */
const LOW = 2;

/** Tells the person of questions and messages for them, each once: they read them in `swarm tui`, `ls` and `msg`. */
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
    return new PersonMail(Math.min(Number(kept?.value ?? Number.POSITIVE_INFINITY), last?.seq ?? 0), notifier);
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    const { db } = session;
    const rows = await db
      .selectFrom('messages')
      .selectAll()
      .where('to_id', '=', PERSON_ID)
      .where('seq', '>', this.#cursor)
      .orderBy('seq')
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    await this.#keepCursor(db, last.seq);
    const name = await namesOf(boardOf(session));
    const places = team.flatMap(({ pane }) => pane?.session ?? []);
    for (const { id, type, rank, from_id: from, text } of rows) {
      const words = type === 'QUESTION' ? `${name(from)} asks: ${text}` : `message from ${name(from)}: ${text}`;
      if (type === 'QUESTION' || rank < LOW) this.#notifier.announce(session, id, words, places);
    }
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
