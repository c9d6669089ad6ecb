/** One thing that a repair found. */
export interface RepairItem {
  readonly what: string;
  /** `mended` by this call; `left` for a person (or found by a dry run). */
  readonly state: 'mended' | 'left';
  readonly how: string;
}
