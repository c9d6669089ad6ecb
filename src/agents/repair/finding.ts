/** Something that is not as it should be. */
export interface Finding {
  /** Names the thing; the same in two looks. */
  readonly what: string;
  /** What is wrong with it; where nothing mends it, with what a person can do. */
  readonly found: string;
  /** Puts it in order, and says how. Null: only a person can judge. */
  readonly mend: (() => Promise<string>) | null;
}
