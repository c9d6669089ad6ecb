/** One thing that `swarm doctor` looked at. */
export interface Check {
  readonly name: string;
  /** `fail`: swarm can't work like this. `warn`: something will not work, or not well. */
  readonly state: 'ok' | 'warn' | 'fail';
  /** What is there; null for nothing. */
  readonly found: string | null;
  readonly expected: string;
  /** What to do about it; null when there is nothing to do. */
  readonly mend: string | null;
}

/** A check that found what it wanted. */
export function ok(name: string, found: string | null, expected: string): Check {
  return { name, state: 'ok', found, expected, mend: null };
}
