import { setTimeout as delay } from 'node:timers/promises';
import { poll } from '../../lib/poll.ts';
import { newEvents } from '../events.ts';
import { holding } from './holds.ts';
import { dialogOf, fingerprint, lost, PACE, type Sight, see } from './sight.ts';
import type { DeliveryRequest } from './types.ts';

/** Milliseconds until an Enter that was heard shows what it did, and until one that nothing reacted to is taken for lost. */
const REACTS = 1000;
const SILENT = 2500;
/** Milliseconds that a hook is waited for once the screen has shown it: the agent's own word is better. */
const HOOK_GRACE = 400;

/** What was there before the paste and before Enter, so that what is new can be told. */
export interface Before {
  readonly spool: ReadonlySet<string>;
  /** Lines of the screen before the paste, with how often each stood there. */
  readonly lines: ReadonlyMap<string, number>;
  /** At the moment of Enter. */
  readonly seen: Sight;
  /** The text was seen in the input box: that it is there no more says something. */
  readonly visible: boolean;
}

export type Proof =
  | { readonly as: 'hook' | 'screen' }
  /** The box still holds it: Enter was swallowed. */
  | { readonly as: 'held' }
  | { readonly as: 'unproven'; readonly reason: string };

/** How often each line stands on a screen. */
export function linesOf({ screen }: Sight): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const line of screen.lines.map((one) => one.trim())) {
    if (line !== '') lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  return lines;
}

/** Looks for proof that the prompt was taken up. */
export async function prove(request: DeliveryRequest, text: string, before: Before): Promise<Proof> {
  const begin = performance.now();
  const start = fingerprint(before.seen);
  let reacted = false;
  let shownAt: number | null = null;
  let emptyAt: number | null = null;
  for (;;) {
    if (await hookSays(request, text, before.spool)) return { as: 'hook' };
    const seen = await see(request);
    const gone = lost(request, seen);
    const now = performance.now();
    if (gone !== null || seen === null) {
      // Its hook may outlive it.
      const said = () => hookSays(request, text, before.spool).then((yes) => (yes ? true : null));
      if (await poll(said, { timeout: HOOK_GRACE, every: PACE })) return { as: 'hook' };
      return shownAt === null ? { as: 'unproven', reason: gone ?? '' } : { as: 'screen' };
    }
    reacted ||= fingerprint(seen) !== start;
    // What a line-mode program was typed stays on its screen, taken or not.
    const held = request.cli.paste !== 'line' && isHeld(seen, text);
    if (held) emptyAt = null;
    else if (request.cli.paste === 'line' ? seen.look.input.draft === '' : seen.look.input.draft !== null)
      emptyAt ??= now;
    if (!held && showsIt(request, seen, text, before)) shownAt ??= now;
    const patience = before.spool.size > 0 ? HOOK_GRACE : 0;
    if (shownAt !== null && now >= shownAt + patience) return { as: 'screen' };
    // Nothing but Enter empties a box that held ours.
    if (before.visible && emptyAt !== null && now >= emptyAt + REACTS) return { as: 'screen' };
    const open = shownAt === null && (emptyAt === null || !before.visible);
    if (open && now >= begin + (reacted ? REACTS : SILENT)) {
      if (held) return { as: 'held' };
      const question = dialogOf(seen.look);
      if (now >= begin + SILENT) return { as: 'unproven', reason: question === null ? NOTHING : asks(question) };
    }
    await delay(PACE);
  }
}

const NOTHING = 'Enter was pressed, and nothing that was seen shows whether it took the text';
const asks = (question: string) => `Enter was pressed, and it asks something now: ${question}`;

/** Whether the input box is seen to hold our text. */
export function isHeld(seen: Sight, text: string): boolean {
  const { draft } = seen.look.input;
  if (draft === null || draft === '') return false;
  const holds = holding(draft, text);
  return holds === 'all' || holds === 'part';
}

/** A turn runs, the message is queued, or the screen shows what it did not show before. */
function showsIt(request: DeliveryRequest, seen: Sight, text: string, before: Before): boolean {
  const { look } = seen;
  // The box holds nothing of ours now: what was not there before the paste has been written since.
  const fresh = [...linesOf(seen)].flatMap(([line, times]) => (times > (before.lines.get(line) ?? 0) ? [line] : []));
  if (dialogOf(look) !== null) return look.input.draft === null && fresh.some((line) => quotes(line, text));
  if (look.queued && !before.seen.look.queued) return true;
  if (look.state === 'busy' && before.seen.look.state !== 'busy') return true;
  if (request.cli.paste === 'line') return tookLine(seen, before.seen) || hasAnswered(seen, before.seen);
  if (look.input.draft !== null) return before.visible ? fresh.length > 0 : fresh.some((line) => quotes(line, text));
  // A box that is gone may be a screen that is half drawn.
  return !request.cli.needsDraftGuard && hasAnswered(seen, before.seen);
}

/** The line editor has handed the line over: a command has the terminal, or the terminal is back to lines. */
function tookLine(seen: Sight, before: Sight): boolean {
  const command = seen.screen.foregroundIsAgent === false && before.screen.foregroundIsAgent !== false;
  return command || (before.lineEditor === true && seen.lineEditor === false);
}

/** Whether a line of the transcript repeats some of the prompt. */
function quotes(line: string, text: string): boolean {
  const words = line.replace(/^\W+/u, '').slice(0, 40).trim();
  return words.length >= 3 && text.replace(/\s+/gu, ' ').includes(words.replace(/\s+/gu, ' '));
}

/** A program without an input box has written something: more than the line end that the terminal echoes, which may push the screen up. */
function hasAnswered(seen: Sight, before: Sight): boolean {
  const written = ({ screen }: Sight) => screen.lines.filter((line) => line !== '').join('\n');
  return !written(before).endsWith(written(seen));
}

async function hookSays(request: DeliveryRequest, text: string, before: ReadonlySet<string>): Promise<boolean> {
  const wanted = comparable(text);
  return (await newEvents(request.spoolDir, before)).some(({ event, payload }) => {
    const prompt = request.cli.events(event, payload)?.prompt ?? null;
    return prompt !== null && comparable(prompt) === wanted;
  });
}

/** CLIs normalise Unicode, trim, and wrap a pasted text in a tag of theirs. */
function comparable(text: string): string {
  return text
    .replace(/<\/?pasted_content\b[^>]*>/gu, '')
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trim();
}
