/** One thing that a repair found, in words for people. */
export interface RepairItem {
  readonly what: string;
  /** `mended` by this call; `found` by a dry run, which the next repair mends; `left` for a person. */
  readonly state: 'mended' | 'found' | 'left';
  /** What was wrong and what became of it; for `left`, what a person can do. */
  readonly how: string;
}
