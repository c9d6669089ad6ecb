import type { Ref } from '../git/branches.ts';
import type { Git, GitOptions } from '../git/git.ts';
import { predictMerge } from '../git/merge-tree.ts';
import { type Brought, standIn } from '../git/stand-in.ts';
import { mayCollide, type Touched, touchedSince } from '../git/touched.ts';
import type { WorkCommit } from '../git/work-commit.ts';

/** One party's work. */
export interface Side extends WorkCommit {
  readonly name: string;
  /** What of it was merged before. */
  readonly brought: readonly Brought[];
}

/** Work, and the branch that it is to go to; null where there is none yet. */
export interface Bound extends Side {
  readonly target: Ref | null;
}

/** A commit, and what of its work was merged before. */
type Held = Pick<Side, 'oid' | 'brought'>;

/**
 * Predicts merges, each pair of commits once: commits never change. Where both start from the same commit of the target
 * and touch nothing in common, git need not be asked.
 */
export class Predictor {
  readonly #git: Git;
  readonly #options: GitOptions;
  readonly #standIns = new Map<string, Promise<string>>();
  readonly #bases = new Map<string, Promise<string | null>>();
  readonly #touched = new Map<string, Promise<Touched>>();

  constructor(git: Git, options: GitOptions) {
    this.#git = git;
    this.#options = options;
  }

  /** How much it remembers. */
  get size(): number {
    return this.#standIns.size + this.#bases.size + this.#touched.size;
  }

  /**
   * Files that git can't bring together; none when it can, or there is nothing to merge. `target` is where one of them is
   * to go: work that has left it in the same place is told apart without git. Null: git is asked. What one side has of the
   * other's by an earlier merge is no conflict.
   */
  async conflict(a: Held, b: Held, target: string | null): Promise<readonly string[]> {
    if (a.oid === b.oid) return [];
    const [ours, theirs] = await Promise.all([this.#standIn(a, b), this.#standIn(b, a)]);
    const asTheyAre = ours === a.oid && theirs === b.oid;
    if (asTheyAre && target !== null && !(await this.#mayCollide(ours, theirs, target))) return [];
    const prediction = await predictMerge(this.#git, ours, theirs, this.#options);
    return prediction.state === 'conflict' ? prediction.files : [];
  }

  /** Whether there is anything that its target lacks. Where there is none, a collision of it is one of the target's. */
  async hasWork(side: Bound): Promise<boolean> {
    const { oid, target, uncommitted } = side;
    if (target === null || uncommitted.length > 0) return true;
    const held = await this.#standIn({ oid: target.oid, brought: [] }, side);
    return (await this.#baseOf(oid, held)) !== oid;
  }

  /**
   * Whether what the two have done themselves can be why git can't merge them. If not, it is what the target has by now:
   * whoever does not fit that can't be merged with those who started from it, either.
   */
  async collideThemselves(a: Bound, b: Bound): Promise<boolean> {
    const [mine, other] = await Promise.all([this.#ownTouch(a), this.#ownTouch(b)]);
    return mine === null || other === null || mayCollide(mine, other);
  }

  /** Null where that can't be told. */
  async #ownTouch({ oid, target }: Bound): Promise<Touched | null> {
    const base = target === null ? null : await this.#baseOf(oid, target.oid);
    return base === null ? null : this.#touchedBy(base, oid);
  }

  /** One side, as it is against the work of the other. */
  #standIn(one: Held, other: Held): Promise<string> {
    if (other.brought.length === 0) return Promise.resolve(one.oid);
    const results = other.brought.map(({ result }) => result);
    return remembered(this.#standIns, [one.oid, other.oid, ...results].join(' '), () =>
      standIn(this.#git, one.oid, other.oid, other.brought, this.#options),
    );
  }

  async #mayCollide(ours: string, theirs: string, target: string): Promise<boolean> {
    // Of the target and another, the base is the other's.
    const [mine, other] = await Promise.all(
      [ours, theirs].map((oid) => this.#baseOf(oid === target ? (oid === ours ? theirs : ours) : oid, target)),
    );
    // What the target itself did in between counts for one of them only: let git tell.
    if (mine == null || other == null || mine !== other) return true;
    const [a, b] = await Promise.all([this.#touchedBy(mine, ours), this.#touchedBy(other, theirs)]);
    return mayCollide(a, b);
  }

  #baseOf(oid: string, target: string): Promise<string | null> {
    return remembered(this.#bases, `${oid} ${target}`, async () => {
      const { exitCode, stdout } = await this.#git.try(['merge-base', oid, target], this.#options);
      return exitCode === 0 ? stdout.trim() : null;
    });
  }

  #touchedBy(base: string, oid: string): Promise<Touched> {
    return remembered(this.#touched, `${base} ${oid}`, () => touchedSince(this.#git, base, oid, this.#options));
  }
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const there = known.get(key);
  if (there !== undefined) return there;
  const asked = ask();
  known.set(key, asked);
  return asked;
}
