import { setTimeout as delay } from 'node:timers/promises';
import type { Refusal } from '../../tmux/typing.ts';
import { waitUntilAble } from './able.ts';
import { clearedWords, clearOurs } from './clear.ts';
import { type Before, linesOf, type Proof, prove, spoolNames } from './proof.ts';
import type { DeliveryRecord } from './records.ts';
import { dialogOf, guardOf, lost, PACE, type Sight, see } from './sight.ts';
import { takeIn } from './take-in.ts';
import { type DeliveryRequest, delivered, failed, type Outcome, unknown } from './types.ts';

/** Enters at most. */
const ATTEMPTS = 2;
/** Refusals after which a cursor is allowed to move. */
const RESTLESS = 8;
/** Milliseconds during which a guard that refused is tried again: a screen that moves, a person that scrolls. */
const INSIST = 4000;

/** Types one prompt and proves that it arrived. The caller has the agent to itself. */
export async function attempt(request: DeliveryRequest, text: string, record: DeliveryRecord): Promise<Outcome> {
  const end = performance.now() + request.timeoutMs;
  for (let refusals = 0; ; refusals++) {
    const able = await waitUntilAble({ ...request, timeoutMs: Math.max(0, end - performance.now()) });
    if (able.able === null) return failed(able.reason);
    const spool = await spoolNames(request.spoolDir);
    await record.state('pasting');
    const guard = guardOf(request, able.able);
    // The first letter that a person types moves the cursor. A program that moves it all the time gets a prompt, too.
    const still = refusals < RESTLESS ? { cursor: able.able.facts.cursor } : {};
    const { refused } = await request.tmux.paste(request.pane, { ...guard, ...still }, text);
    if (refused === null) return submit(request, text, record, { spool, able: able.able });
    // Something changed between the look and the paste, and nothing was typed: look again.
    const again = refused === 'screen' || refused === 'mode' || refused === 'input-off';
    if (!again || performance.now() >= end) return failed(refusedWords(refused));
  }
}

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
  const lines = new Set([...linesOf(at.able), ...linesOf(taken.seen)]);
  const before = (seen: Sight): Before => ({ spool: at.spool, lines, seen });
  if (taken.as === 'vanished') {
    const proof = await prove(request, text, before(taken.seen));
    if (proof.as === 'hook') return delivered('hook', 0);
    return unknown('somebody submitted it or took it out of the input box before Enter was pressed', 0);
  }
  await record.state('submitted');
  return enter(request, text, before, taken.seen);
}

async function enter(
  request: DeliveryRequest,
  text: string,
  before: (seen: Sight) => Before,
  seen: Sight,
): Promise<Outcome> {
  let now = seen;
  for (let attempts = 1; ; attempts++) {
    const pressed = await pressEnter(request, now);
    if (pressed.refused !== null) {
      if (attempts > 1) return afterwards(request, text, before(now), attempts - 1, pressed.refused);
      return takeBack(request, text, pressed.refused);
    }
    const proof = await prove(request, text, before(pressed.seen));
    if (proof.as === 'hook' || proof.as === 'screen') return delivered(proof.as, attempts);
    if (proof.as === 'unproven') return unknown(proof.reason, attempts);
    // A program that reads lines swallows no Enter: a second one would be an empty line.
    if (attempts >= ATTEMPTS || request.cli.paste === 'line') {
      return afterwards(request, text, before(pressed.seen), attempts, 'Enter did not submit it');
    }
    const again = await see(request);
    if (again === null || lost(request, again) !== null) return unknown(lost(request, again) ?? '', attempts);
    now = again;
  }
}

/** Presses the adapter's keys only on a screen without a dialog, which the server checks again in the same moment. */
async function pressEnter(
  request: DeliveryRequest,
  first: Sight,
): Promise<{ readonly refused: null; readonly seen: Sight } | { readonly refused: string }> {
  const end = performance.now() + INSIST;
  let seen = first;
  for (;;) {
    const dialog = dialogOf(seen.look);
    if (dialog !== null) return { refused: `a dialog opened before Enter was pressed: ${dialog}` };
    const { refused } = await request.tmux.keys(request.pane, guardOf(request, seen), request.cli.submit);
    if (refused === null) return { refused: null, seen };
    if (refused === 'gone' || refused === 'dead' || refused === 'replaced' || performance.now() >= end) {
      return { refused: `${refusedWords(refused)}, before Enter was pressed` };
    }
    await delay(PACE);
    const again = await see(request);
    if (again === null || lost(request, again) !== null) {
      return { refused: `${lost(request, again) ?? ''}, before Enter was pressed` };
    }
    seen = again;
  }
}

/** Enter was never pressed: takes the text out of the box again where that is safe, and says whether it is out. */
async function takeBack(request: DeliveryRequest, text: string, reason: string): Promise<Outcome> {
  return failed(`${reason}; ${clearedWords(await clearOurs(request, text))}`);
}

/** Enter was pressed without effect: takes the text back; if the program was only slow, what it does now shows it. */
async function afterwards(
  request: DeliveryRequest,
  text: string,
  before: Before,
  attempts: number,
  reason: string,
): Promise<Outcome> {
  const cleared = await clearOurs(request, text);
  const late: Proof = await prove(request, text, before);
  if (late.as === 'hook') return delivered('hook', attempts);
  const seen = await see(request);
  if (seen?.look.state === 'busy' && before.seen.look.state !== 'busy') return delivered('screen', attempts);
  const words = `${reason}; ${clearedWords(cleared)}`;
  return cleared === 'cleared' ? failed(words, attempts) : unknown(words, attempts);
}

function refusedWords(refused: Refusal): string {
  return {
    gone: 'its window is gone',
    dead: 'its program has ended',
    replaced: 'another program runs in its window now',
    mode: 'somebody scrolls in its window (copy mode)',
    'input-off': 'input to its window is switched off',
    screen: 'its screen shows a dialog, or does not keep still',
  }[refused];
}
