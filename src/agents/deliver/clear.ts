import { setTimeout as delay } from 'node:timers/promises';
import { holding } from './holds.ts';
import { dialogOf, guardOf, lost, PACE, see } from './sight.ts';
import type { DeliveryRequest } from './types.ts';

/** Rounds of the adapter's keys at most: some CLIs empty a line at a time. */
const ROUNDS = 40;
/** Milliseconds that a round gets to show. */
const SHOWS = 700;

/** `unseen`: the program shows no box, so nobody can say. */
export type Cleared = 'cleared' | 'left' | 'unseen';

/** Takes back what was pasted: only while the box holds nothing that is not ours, never with a dialog open; and looks whether it is gone. */
export async function clearOurs(request: DeliveryRequest, text: string): Promise<Cleared> {
  let pressed = '';
  let at = 0;
  for (let round = 0; ; ) {
    const seen = await see(request);
    if (seen === null || lost(request, seen) !== null) return 'left';
    const { draft } = seen.look.input;
    if (draft === '') return 'cleared';
    if (draft === null) return dialogOf(seen.look) === null && !request.cli.needsDraftGuard ? 'unseen' : 'left';
    if (holding(draft, text) === 'other' || dialogOf(seen.look) !== null) return 'left';
    const waiting = draft === pressed && performance.now() < at + SHOWS;
    if (!waiting) {
      // The last round changed nothing, or there were too many.
      if (draft === pressed || round++ >= ROUNDS) return 'left';
      pressed = draft;
      at = performance.now();
      await request.tmux.keys(request.pane, guardOf(request, seen), request.cli.clear);
    }
    await delay(PACE);
  }
}

/** What a reason says about it. */
export function clearedWords(cleared: Cleared): string {
  return {
    cleared: 'what was pasted has been taken out of its input box again',
    left: 'what was pasted may still be in its input box',
    unseen: 'its CLI shows no input box, so what became of the text is not known',
  }[cleared];
}
