import { setTimeout as delay } from 'node:timers/promises';

export interface PollOptions {
  /** Give up after so many milliseconds. */
  readonly timeout: number;
  /** Milliseconds between two looks. */
  readonly every?: number;
  readonly signal?: AbortSignal;
}

/** Looks until `look` answers something other than null. Null when the time is up. Always looks at least once. */
export async function poll<T>(look: () => Promise<T | null> | T | null, options: PollOptions): Promise<T | null> {
  const end = performance.now() + options.timeout;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (performance.now() >= end) return null;
    await delay(options.every ?? 25, undefined, options.signal ? { signal: options.signal } : {});
  }
}
