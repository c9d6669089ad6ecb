import { setTimeout as delay } from 'node:timers/promises';
import { holding } from './holds.ts';
import { dialogOf, guardOf, lost, PACE, see } from './sight.ts';
import type { DeliveryRequest } from './types.ts';

/** Rounds of the adapter's keys at most: some CLIs empty a line at a time. */
const ROUNDS = 40;
/** Milliseconds that a round gets to show. */
const SHOWS = 700;

/** `empty`: there was nothing to take back. `unseen`: the program shows no box, so nobody can say. */
export type Cleared = 'cleared' | 'empty' | 'left' | 'unseen';

/**
 * Takes back what was pasted: only while the box holds nothing that is not ours, never with a dialog open; and looks
 * whether it is gone. The keys are pressed at least once: a box that reads as empty may not be.
 */
export async function clearOurs(request: DeliveryRequest, text: string): Promise<Cleared> {
  let pressed: string | null = null;
  let found = '';
  let at = 0;
  for (let round = 0; ; ) {
    const seen = await see(request);
    if (seen === null || lost(request, seen) !== null || dialogOf(seen.look) !== null) return 'left';
    const { draft } = seen.look.input;
    if (draft !== null && holding(draft, text) === 'other') return 'left';
    if (draft === null && request.cli.needsDraftGuard) return 'left';
    if (pressed !== null && draft === '') return found === '' ? 'empty' : 'cleared';
    if (pressed !== null && draft === null) return 'unseen';
    found ||= draft ?? '';
    const waiting = draft === pressed && performance.now() < at + SHOWS;
    if (!waiting) {
      // The last round changed nothing, or there were too many.
      if (draft === pressed || round++ >= ROUNDS) return 'left';
      const { refused } = await request.tmux.keys(request.pane, guardOf(request, seen), request.cli.clear);
      if (refused === null) pressed = draft ?? '';
      at = performance.now();
    }
    await delay(PACE);
  }
}

/** What a reason says about it. */
export function clearedWords(cleared: Cleared): string {
  return {
    cleared: 'what was pasted has been taken out of its input box again',
    empty: 'its input box is empty',
    left: 'what was pasted may still be in its input box',
    unseen: 'its CLI shows no input box, so what became of the text is not known',
  }[cleared];
}
