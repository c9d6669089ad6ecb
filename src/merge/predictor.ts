import type { Ref } from '../git/branches.ts';
import type { Git, GitOptions } from '../git/git.ts';
import { predictMerge } from '../git/merge-tree.ts';
import { mayCollide, type Touched, touchedSince } from '../git/touched.ts';
import type { WorkCommit } from '../git/work-commit.ts';

/** One party's work. */
export interface Side extends WorkCommit {
  readonly name: string;
}

/** Work, and the branch that it is to go to; null where there is none yet. */
export interface Bound extends Side {
  readonly target: Ref | null;
}

/**
 * Predicts merges, each pair of commits once: commits never change. Where both start from the same commit of the target
 * and touch nothing in common, git need not be asked.
 */
export class Predictor {
  readonly #git: Git;
  readonly #options: GitOptions;
  readonly #bases = new Map<string, Promise<string | null>>();
  readonly #touched = new Map<string, Promise<Touched>>();

  constructor(git: Git, options: GitOptions) {
    this.#git = git;
    this.#options = options;
  }

  /** How much it remembers. */
  get size(): number {
    return this.#bases.size + this.#touched.size;
  }

  /**
   * Files that git can't bring together; none when it can, or there is nothing to merge. `target` is where one of them is
   * to go: work that has left it in the same place is told apart without git. Null: git is asked.
   */
  async conflict(ours: string, theirs: string, target: string | null): Promise<readonly string[]> {
    if (ours === theirs || (target !== null && !(await this.#mayCollide(ours, theirs, target)))) return [];
    const prediction = await predictMerge(this.#git, ours, theirs, this.#options);
    return prediction.state === 'conflict' ? prediction.files : [];
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
