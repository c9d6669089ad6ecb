import { setTimeout as delay } from 'node:timers/promises';
import { crashPoint } from '../../lib/crash.ts';
import { refusedWords, takeBack, takeBackAfterEnter } from './back-out.ts';
import { type Before, isHeld, prove } from './proof.ts';
import { dialogOf, guardOf, lost, PACE, type Sight, see } from './sight.ts';
import { type DeliveryRequest, delivered, type Outcome, unknown } from './types.ts';

/** Enters at most. */
const ATTEMPTS = 2;
/** Milliseconds during which a guard that refused is tried again: a person scrolls, a line moves. */
const INSIST = 4000;

export interface Pasted {
  readonly request: DeliveryRequest;
  readonly text: string;
  /** The input box was seen to hold the text. */
  readonly visible: boolean;
  before(seen: Sight): Before;
}

/** Submits what was pasted and looks for proof; presses Enter once more where it was seen to be swallowed. */
export async function enter(pasted: Pasted, first: Sight): Promise<Outcome> {
  const { request, text } = pasted;
  let now = first;
  for (let attempts = 0; ; ) {
    const pressed = await pressEnter(pasted, now);
    if (pressed.refused !== null) {
      const reason = pressed.refused;
      if (attempts === 0) return takeBack(request, text, reason);
      return takeBackAfterEnter(request, text, pasted.before(now), { attempts, reason });
    }
    attempts += 1;
    const before = pasted.before(pressed.seen);
    const proof = await prove(request, text, before);
    if (proof.as === 'hook' || proof.as === 'screen') return delivered(proof.as, attempts);
    if (proof.as === 'unproven') return unknown(proof.reason, attempts);
    // A program that reads lines swallows no Enter: a second one would be an empty line.
    if (attempts >= ATTEMPTS || request.cli.paste === 'line') {
      return takeBackAfterEnter(request, text, before, { attempts, reason: 'Enter did not submit it' });
    }
    const again = await see(request);
    if (again === null || lost(request, again) !== null || !isHeld(again, text)) {
      const late = await prove(request, text, before);
      return late.as === 'hook' || late.as === 'screen'
        ? delivered(late.as, attempts)
        : unknown(
            late.as === 'unproven' ? late.reason : 'Enter was pressed, and it was late to show an effect',
            attempts,
          );
    }
    now = again;
  }
}

type Pressed = { readonly refused: null; readonly seen: Sight } | { readonly refused: string };

/** Presses the adapter's keys only on a screen without a dialog, which the server checks again in the same moment. */
async function pressEnter({ request, text, visible }: Pasted, first: Sight): Promise<Pressed> {
  const end = performance.now() + INSIST;
  let seen = first;
  for (;;) {
    const dialog = dialogOf(seen.look);
    if (dialog !== null) return { refused: `a dialog opened before Enter was pressed: ${dialog}` };
    if (visible && !isHeld(seen, text)) return { refused: 'its input box does not hold it any more' };
    const { refused } = await request.tmux.keys(request.pane, guardOf(request, seen), request.cli.submit);
    if (refused === null) {
      crashPoint('deliver:enter:effect');
      return { refused: null, seen };
    }
    const final = refused === 'gone' || refused === 'dead' || refused === 'replaced';
    if (final || performance.now() >= end) return { refused: `${refusedWords(refused)}, before Enter was pressed` };
    await delay(PACE);
    const again = await see(request);
    const gone = lost(request, again);
    if (gone !== null || again === null) return { refused: `${gone ?? ''}, before Enter was pressed` };
    seen = again;
  }
}
