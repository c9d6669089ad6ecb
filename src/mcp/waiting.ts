import type { Waiting } from '../board/bell.ts';
import { shortDuration } from '../lib/duration.ts';
import type { Call } from './call.ts';

/** Milliseconds that one call waits at most: the official client, and agent CLIs built on it, give up after 60 s. */
const LONGEST = 50_000;
/** Milliseconds between two signs that a call still waits, for clients that asked to be told. */
const PROGRESS = 5000;

interface WaitFor {
  readonly ms: number;
  /** How whoever waits is meanwhile: it could take a message (`idle`), or a person must act (`waiting`). */
  readonly state: 'idle' | 'waiting';
  /** For people. */
  readonly for: string;
}

/** Waits as a call may: no longer than clients do, telling them that it does, ended by a cancellation. */
export async function waiting<T>(call: Call, wish: WaitFor, work: (wait: Waiting) => Promise<T>): Promise<T> {
  const wait = Math.min(wish.ms, LONGEST);
  const { signal } = call.ctx.mcpReq;
  if (wait === 0) return work({ wait, signal });
  const began = performance.now();
  call.note(wish.state, `waits for ${wish.for}`, Date.now() + wait);
  const timer = setInterval(() => tellProgress(call, wish.for, performance.now() - began, wait), PROGRESS);
  try {
    return await work({ wait, signal });
  } finally {
    clearInterval(timer);
    call.note('working', null, null);
  }
}

function tellProgress({ ctx }: Call, what: string, progress: number, total: number): void {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  const message = `waiting for ${what} (${shortDuration(progress)})`;
  const params = { progressToken, progress: Math.round(progress), total, message };
  // A client that is gone needs no progress; its end is seen elsewhere.
  ctx.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
}
