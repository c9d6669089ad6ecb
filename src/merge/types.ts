import type { MergeStrategy } from '../git/merge-commit.ts';

/** What a merge came to (design: `merge --json`). */
export interface MergeResult {
  readonly agent: string;
  /** The branch that the work was to go to. */
  readonly into: string;
  readonly strategy: MergeStrategy;
  /**
   * `nothing`: it is in already. `conflict`: git can't bring the two together. `gate_failed`: the merged tree did not
   * pass. `refused`: it would cost work that somebody has not committed, or that only a merge commit holds. In all but
   * `merged` nothing has changed.
   */
  readonly state: 'merged' | 'conflict' | 'gate_failed' | 'refused' | 'nothing';
  /** Where `into` stands now; null when it did not move. */
  readonly commit: string | null;
  /** Of a conflict, or in the way. */
  readonly files: readonly string[];
  /** What the gate wrote; null when none ran. */
  readonly log: string | null;
  readonly reason: string | null;
  /** Whether the agent was removed after it. */
  readonly removed: boolean;
  /** For people: what did not go as one might expect. */
  readonly notes: readonly string[];
}

export interface MergeOptions {
  readonly into: string | null;
  readonly strategy: MergeStrategy | null;
  readonly message: string | null;
  /** The agent stays. */
  readonly keep: boolean;
  readonly gate: boolean;
}
