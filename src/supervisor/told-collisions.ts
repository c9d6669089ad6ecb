import { type Conflict, conflictFiles, conflictWords } from '../agents/collisions.ts';
import { allAgents, recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { boardOf } from '../board/context.ts';
import { postMessage } from '../board/messages/post.ts';
import { type Participant, PERSON, PERSON_ID, participantOfAgent } from '../board/participants.ts';
import { resolveParticipant } from '../board/roster.ts';
import { UserError } from '../lib/errors.ts';
import type { SessionDb } from '../store/open.ts';
import type { AgentRow } from '../store/schema.ts';
import type { Notifier } from './notify.ts';

/** Milliseconds for which a collision must stand before anybody hears of it: files are written one after the other. */
const STANDS = 3000;
/** Milliseconds after which one that is gone is forgotten: a rebase takes work away and brings it back. */
const GONE = 60_000;
/** Milliseconds after which nobody needs to read of it any more. */
const STALE = 30 * 60_000;
/** Key in `meta` of what was told: who starts later does not tell it again. */
const KEY = 'conflicts.told';

interface Standing {
  readonly since: number;
  /** When it was there last. */
  seen: number;
  told: boolean;
}

/** Tells both agents of a collision, and who leads, once, until it is gone. */
export class ToldCollisions {
  readonly #notifier: Notifier;
  readonly #tell: (line: string) => void;
  readonly #standing = new Map<string, Standing>();
  #written: string;

  private constructor(told: readonly string[], notifier: Notifier, tell: (line: string) => void) {
    const now = performance.now();
    for (const key of told) this.#standing.set(key, { since: now, seen: now, told: true });
    this.#written = JSON.stringify(told);
    this.#notifier = notifier;
    this.#tell = tell;
  }

  static async open(db: SessionDb, notifier: Notifier, tell: (line: string) => void): Promise<ToldCollisions> {
    const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
    return new ToldCollisions(row === undefined ? [] : (JSON.parse(row.value) as string[]), notifier, tell);
  }

  /** `conflicts` as they are now, agents by their ids. */
  async tell(session: Session, conflicts: readonly Conflict[], now = performance.now()): Promise<void> {
    if (conflicts.length === 0 && this.#standing.size === 0) return;
    for (const one of conflicts) {
      const key = keyOf(one);
      const standing = this.#standing.get(key);
      if (standing === undefined) this.#standing.set(key, { since: now, seen: now, told: false });
      else standing.seen = now;
    }
    const due = conflicts.filter((one) => {
      const standing = this.#standing.get(keyOf(one));
      return standing !== undefined && !standing.told && now - standing.since >= STANDS;
    });
    for (const [key, { seen, told }] of this.#standing) {
      if (seen < now && (!told || now - seen >= GONE)) this.#standing.delete(key);
    }
    if (due.length > 0) await this.#tellAll(session, due);
    await this.#keep(session.db);
  }

  async #tellAll(session: Session, due: readonly Conflict[]): Promise<void> {
    const rows = await allAgents(session.db);
    const leader = await resolveParticipant(boardOf(session), 'leader');
    for (const one of due) {
      const [a, b] = [one.a, one.b].map((id) => rows.find((row) => row.id === id));
      // Told before it is said: a word too few is better than the same over and over.
      const standing = this.#standing.get(keyOf(one));
      if (standing !== undefined) standing.told = true;
      if (a !== undefined && (one.b === null || b !== undefined)) await this.#say(session, one, a, b ?? null, leader);
    }
  }

  async #say(session: Session, one: Conflict, a: AgentRow, b: AgentRow | null, leader: Participant): Promise<void> {
    const named: Conflict = { ...one, a: a.name, b: b?.name ?? null };
    const words = `${conflictWords(named)}: ${conflictFiles(one, 5)}`;
    this.#tell(words);
    await recordEvent(session.db, a.name, 'conflict', { ...named, files: one.files.slice(0, 20) });
    await post(session, participantOfAgent(a), named, textFor(named, named.b));
    if (b !== null) await post(session, participantOfAgent(b), named, textFor(named, named.a));
    if (leader.id === PERSON_ID) this.#notifier.announce(session, keyOf(one), words, []);
    else if (leader.id !== a.id && leader.id !== b?.id) {
      await post(
        session,
        leader,
        named,
        `${words}. ${one.b === null ? `${a.name} is` : 'Both are'} told. All collisions: swarm conflicts`,
      );
    }
  }

  async #keep(db: SessionDb): Promise<void> {
    const value = JSON.stringify([...this.#standing].flatMap(([key, { told }]) => (told ? [key] : [])));
    if (value === this.#written) return;
    await db
      .insertInto('meta')
      .values({ key: KEY, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
    this.#written = value;
  }
}

const keyOf = ({ a, b, target, kind }: Conflict): string => `${kind} ${a} ${b ?? `into ${target}`}`;

/** What an agent can do about it. `other`: the agent that it collides with; null: the target. */
function textFor(one: Conflict, other: string | null): string {
  const files = conflictFiles(one, 5);
  if (other === null)
    return `Your work does not fit ${one.target} any more, in: ${files}. Rebase onto it when it suits.`;
  return one.kind === 'merge'
    ? `Your work and that of ${other} can't be merged as they are, in: ${files}. Agree with ${other} on who changes what.`
    : `You and ${other} both have uncommitted changes in: ${files}. Git can merge them so far; commit often, and stay apart.`;
}

/** A full inbox stops nobody else. */
async function post(session: Session, to: Participant, { a, b, target, kind, files }: Conflict, text: string) {
  const payload = { conflict: { a, b, target, kind, files: files.slice(0, 20) } };
  const wish = { to: [to], type: 'CONTEXT_UPDATE', priority: 'low', expiresIn: STALE, text, payload } as const;
  try {
    await postMessage(boardOf(session), PERSON, wish);
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'INBOX_FULL')) throw error;
  }
}
