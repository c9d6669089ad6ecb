import { setTimeout as delay } from 'node:timers/promises';
import { type Holding, holding } from './holds.ts';
import { dialogOf, fingerprint, lost, PACE, type Sight, see } from './sight.ts';
import type { DeliveryRequest } from './types.ts';

/** Milliseconds until a program has taken in a paste: a part for waking up, a part for each byte. */
const WAKE = 5000;
const PER_BYTE = 0.1;
/** Milliseconds without a change at least, whatever the adapter says: one look must not be taken for two. */
const QUIET = 60;

export type Taken =
  /** The box (or the screen of a program without one) has changed and is quiet again. `unseen`: what it holds can't be read. */
  | { readonly as: 'taken'; readonly seen: Sight; readonly holds: Holding | 'unseen' }
  /** It is in the box no more: somebody has pressed Enter or emptied it. */
  | { readonly as: 'vanished'; readonly seen: Sight }
  | { readonly as: 'ignored'; readonly seen: Sight }
  | { readonly as: 'dialog'; readonly seen: Sight; readonly question: string }
  | { readonly as: 'lost'; readonly reason: string };

/** Waits until the program has taken in what was pasted, and nothing has moved for as long as its adapter asks. */
export async function takeIn(request: DeliveryRequest, text: string, before: Sight): Promise<Taken> {
  const end = performance.now() + WAKE + Buffer.byteLength(text) * PER_BYTE;
  const quiet = Math.max(request.cli.settleMs, QUIET);
  const empty = fingerprint(before);
  let last = { print: '', at: 0 };
  let appeared = false;
  for (;;) {
    const seen = await see(request);
    const reason = lost(request, seen);
    if (reason !== null || seen === null) return { as: 'lost', reason: reason ?? '' };
    const question = dialogOf(seen.look);
    if (question !== null) return { as: 'dialog', seen, question };
    const { draft } = seen.look.input;
    const print = draft || fingerprint(seen);
    // A text that reads like the box's own placeholder still moves the cursor.
    const there = draft ? true : draft === null ? print !== empty : cursorMoved(seen, before);
    if (print !== last.print) last = { print, at: performance.now() };
    const still = performance.now() - last.at >= quiet;
    if (there && still) return { as: 'taken', seen, holds: draft ? holding(draft, text) : 'unseen' };
    if (appeared && !there && still) return { as: 'vanished', seen };
    if (performance.now() >= end) return { as: 'ignored', seen };
    appeared ||= there;
    await delay(PACE);
  }
}

/** While a turn runs, the cursor may move by itself. */
function cursorMoved(seen: Sight, before: Sight): boolean {
  const { cursor } = seen.facts;
  const idle = before.look.state !== 'busy' && seen.look.state !== 'busy';
  return idle && (cursor.x !== before.facts.cursor.x || cursor.y !== before.facts.cursor.y);
}
