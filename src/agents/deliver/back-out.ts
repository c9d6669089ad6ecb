import type { Refusal } from '../../tmux/typing.ts';
import { clearedWords, clearOurs } from './clear.ts';
import { type Before, prove } from './proof.ts';
import { see } from './sight.ts';
import { type DeliveryRequest, delivered, failed, type Outcome, unknown } from './types.ts';

/** Enter was never pressed: takes the text out of the box again where that is safe, and says whether it is out. */
export async function takeBack(request: DeliveryRequest, text: string, reason: string): Promise<Outcome> {
  return failed(`${reason}; ${clearedWords(await clearOurs(request, text))}`);
}

/** Enter was pressed without effect: takes the text back. If the program was only slow, what it does now shows it. */
export async function takeBackAfterEnter(
  request: DeliveryRequest,
  text: string,
  before: Before,
  how: { readonly attempts: number; readonly reason: string },
): Promise<Outcome> {
  const cleared = await clearOurs(request, text);
  const late = await prove(request, text, before);
  if (late.as === 'hook') return delivered('hook', how.attempts);
  const seen = await see(request);
  const works = seen?.look.state === 'busy' && before.seen.look.state !== 'busy';
  // A box that was empty before anything was taken back has been submitted.
  if (works || (late.as === 'screen' && cleared === 'empty')) return delivered('screen', how.attempts);
  const words = `${how.reason}; ${clearedWords(cleared)}`;
  return cleared === 'cleared' ? failed(words, how.attempts) : unknown(words, how.attempts);
}

/** Why tmux was told to leave the pane alone, for people. */
export function refusedWords(refused: Refusal): string {
  return {
    gone: 'its window is gone',
    dead: 'its program has ended',
    replaced: 'another program runs in its window now',
    mode: 'somebody scrolls in its window (copy mode)',
    'input-off': 'input to its window is switched off',
    screen: 'its screen shows a dialog, or does not keep still',
  }[refused];
}
