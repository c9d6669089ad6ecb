import { crashPoint } from '../../lib/crash.ts';
import { spoolNames } from '../events.ts';
import { waitUntilAble } from './able.ts';
import { refusedWords, takeBack } from './back-out.ts';
import { enter } from './enter.ts';
import { withKeyboard } from './keyboard.ts';
import { type Before, linesOf, prove } from './proof.ts';
import type { DeliveryRecord } from './records.ts';
import { guardOf, type Sight } from './sight.ts';
import { takeIn } from './take-in.ts';
import { type DeliveryRequest, delivered, failed, type Outcome, queued, unknown } from './types.ts';

/** Refusals after which the cursor is allowed to move. */
const RESTLESS = 8;

/** Types one prompt and proves that it arrived. The caller has the agent to itself. */
export async function attempt(request: DeliveryRequest, text: string, record: DeliveryRecord): Promise<Outcome> {
  const end = performance.now() + request.timeoutMs;
  for (let refusals = 0; ; refusals++) {
    const able = await waitUntilAble({ ...request, timeoutMs: Math.max(0, end - performance.now()) });
    if (able.able === null) return able.final || !request.queue ? failed(able.reason) : queued(able.reason);
    const seen = able.able;
    // Whoever answers a dialog of the agent waits for this, and this for them.
    const { refused, outcome } = await withKeyboard(request, async () => {
      const spool = await spoolNames(request.spoolDir);
      await record.state('pasting');
      const guard = guardOf(request, seen);
      // The first letter that a person types moves the cursor. A program that moves it all the time gets a prompt, too.
      const still = refusals < RESTLESS ? { cursor: seen.facts.cursor } : {};
      const pasted = await request.tmux.paste(request.pane, { ...guard, ...still }, text);
      if (pasted.refused !== null) return { refused: pasted.refused, outcome: null };
      crashPoint('deliver:paste:effect');
      return { refused: null, outcome: await submit(request, text, record, { spool, able: seen }) };
    });
    if (refused === null) return outcome;
    // Something changed between the look and the paste, and nothing was typed: look again.
    const again = refused === 'screen' || refused === 'mode' || refused === 'input-off';
    if (!again) return failed(refusedWords(refused));
    if (performance.now() >= end) return request.queue ? queued(refusedWords(refused)) : failed(refusedWords(refused));
  }
}

/** The text is pasted: waits for it to be taken in, and presses Enter if it is what the box holds. */
async function submit(
  request: DeliveryRequest,
  text: string,
  record: DeliveryRecord,
  at: { readonly spool: ReadonlySet<string>; readonly able: Sight },
): Promise<Outcome> {
  const taken = await takeIn(request, text, at.able);
  if (taken.as === 'lost') return failed(`${taken.reason}, before Enter was pressed`);
  if (taken.as === 'dialog') return takeBack(request, text, `a dialog opened while it was typed: ${taken.question}`);
  if (taken.as === 'ignored') return takeBack(request, text, 'it did not take in what was pasted');
  if (taken.as === 'taken' && taken.holds === 'other') {
    return takeBack(request, text, 'somebody typed into its input box at the same moment (draft mixed)');
  }
  const lines = linesOf(at.able);
  const visible = taken.as === 'taken' && taken.holds !== 'unseen';
  const before = (seen: Sight): Before => ({ spool: at.spool, lines, seen, visible });
  if (taken.as === 'vanished') {
    const proof = await prove(request, text, before(taken.seen));
    if (proof.as === 'hook') return delivered('hook', 0);
    return unknown('somebody submitted it or took it out of the input box before Enter was pressed', 0);
  }
  await record.state('submitted');
  return enter({ request, text, visible, before }, taken.seen);
}
