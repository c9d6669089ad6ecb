import { type FoldedStatus, SHELF } from './evidence.ts';
import type { AgentStatus } from './types.ts';

/** Since when looks have shown the same. */
export interface Shown {
  readonly status: AgentStatus;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Statuses that a screen may show for a moment between two others. */
const PASSING: ReadonlySet<AgentStatus> = new Set(['idle', 'done', 'unknown']);
/** Statuses that such a moment must not end. An agent that starts has nothing to lose. */
const KEPT: ReadonlySet<AgentStatus> = new Set(['working', 'waiting', 'idle', 'done', 'blocked', 'stuck']);

/**
 * Whether a status has to be seen for a moment before it counts: one that only the screen shows, after another one that
 * a screen half drawn would end. What the process, a hook or two witnesses say counts at once.
 */
export function isShaky(next: FoldedStatus, previous: AgentStatus, titleAgrees: boolean): boolean {
  if (next.status === previous || next.source !== 'screen' || titleAgrees) return false;
  return PASSING.has(next.status) && KEPT.has(previous);
}

/** Remembers since when an agent is shown as it is; `before` is what the last look left. */
export function shownSince(next: FoldedStatus, before: Shown | null, now: number, quietSince: number): Shown {
  if (before?.status === next.status) return before;
  // Nothing has been written for long: what is shown now was shown all the time.
  const quiet = before === null && now - quietSince >= SHELF.grain;
  return { status: next.status, since: quiet ? quietSince : now };
}

/** Whether it has been shown for long enough. */
export const isConfirmed = ({ since }: Shown, now: number) => now - since >= SHELF.confirm;
