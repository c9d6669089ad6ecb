import { setTimeout as delay } from 'node:timers/promises';

export interface PollOptions {
  /** Give up after so many milliseconds. */
  readonly timeout: number;
  /** Milliseconds between two looks; more where a look takes longer than that. Default: 25. */
  readonly every?: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks until `look` answers something other than null. Null when the time is up. Always looks at least once; where a look
 * is slow, half of the time is rest: on a busy machine, looking must not be what makes one wait.
 */
export async function poll<T>(look: () => Promise<T | null> | T | null, options: PollOptions): Promise<T | null> {
  const end = performance.now() + options.timeout;
  for (;;) {
    const began = performance.now();
    const seen = await look();
    if (seen !== null) return seen;
    const now = performance.now();
    if (now >= end) return null;
    await delay(
      Math.max(options.every ?? 25, Math.min(now - began, end - now)),
      undefined,
      options.signal ? { signal: options.signal } : {},
    );
  }
}
