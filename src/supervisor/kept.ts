import { forgetLiveFacts, type LiveFacts, readLiveFacts, writeLiveFacts } from '../agents/live-facts.ts';
import type { SessionDb } from '../store/open.ts';

const NOTHING: LiveFacts = { pid: null, place: null, git: null, listening: [], question: null };

/** What the supervisor knows of each agent, in the store for everybody: written only when it is something new. */
export class Kept {
  readonly #db: SessionDb;
  readonly #facts: Map<string, LiveFacts>;

  private constructor(db: SessionDb, facts: Map<string, LiveFacts>) {
    this.#db = db;
    this.#facts = facts;
  }

  static async open(db: SessionDb): Promise<Kept> {
    return new Kept(db, await readLiveFacts(db));
  }

  async keep(agentId: string, news: Partial<LiveFacts>): Promise<void> {
    const before = this.#facts.get(agentId);
    const facts = { ...NOTHING, ...before, ...news };
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(facts)) return;
    this.#facts.set(agentId, facts);
    await writeLiveFacts(this.#db, agentId, facts);
  }

  /** Forgets all agents but these, and says whom. */
  async forgetOthers(agentIds: ReadonlySet<string>): Promise<readonly string[]> {
    const gone = [...this.#facts.keys()].filter((id) => !agentIds.has(id));
    for (const id of gone) this.#facts.delete(id);
    await forgetLiveFacts(this.#db, gone);
    return gone;
  }
}
