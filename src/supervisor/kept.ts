import { forgetLiveFacts, type LiveFacts, writeLiveFacts } from '../agents/live-facts.ts';
import type { GitFacts } from '../git/facts.ts';
import type { SessionDb } from '../store/open.ts';

const NOTHING: LiveFacts = { pid: null, place: null, git: null, listening: [], question: null };

/** What the supervisor knows of each agent, in the store for everybody: written only when it is something new. */
export class Kept {
  readonly #db: SessionDb;
  readonly #facts = new Map<string, LiveFacts>();
  /** What is in the store, as text: a write that failed is made up for by the next. */
  readonly #written = new Map<string, string>();

  private constructor(db: SessionDb) {
    this.#db = db;
  }

  /** Knows nothing yet, and the store neither: what an earlier supervisor saw is old by now. */
  static async open(db: SessionDb): Promise<Kept> {
    await forgetLiveFacts(db);
    return new Kept(db);
  }

  /** What git said of an agent's worktree last; null: not read yet, or there is none. */
  git(agentId: string): GitFacts | null {
    return this.#facts.get(agentId)?.git ?? null;
  }

  async keep(agentId: string, news: Partial<LiveFacts>): Promise<void> {
    const facts = { ...NOTHING, ...this.#facts.get(agentId), ...news };
    this.#facts.set(agentId, facts);
    const text = JSON.stringify(facts);
    if (this.#written.get(agentId) === text) return;
    await writeLiveFacts(this.#db, agentId, facts);
    this.#written.set(agentId, text);
  }

  /** Forgets all agents but these. */
  async forgetOthers(agentIds: ReadonlySet<string>): Promise<void> {
    const gone = [...this.#facts.keys()].filter((id) => !agentIds.has(id));
    await forgetLiveFacts(this.#db, gone);
    for (const id of gone) {
      this.#facts.delete(id);
      this.#written.delete(id);
    }
  }
}
