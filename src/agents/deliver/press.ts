import { poll } from '../../lib/poll.ts';
import type { Refusal } from '../../tmux/typing.ts';
import type { DialogOption } from '../screen.ts';
import { lost, PACE, type Sight, see, type Target } from './sight.ts';

/** Milliseconds until a moved selection is seen, and for which a screen that does not keep still is tried again. */
const MOVE = 1500;
/** Keys that move a selection. */
const ARROWS = new Set(['Up', 'Down', 'Left', 'Right']);
/** Runs of characters that mean nothing to tmux, on a screen line. */
const PLAIN = /[\w./=+@-][\w ./=+@-]*[\w./=+@-]/gu;
/** Words that the server looks for at most: the longest ones tell most. */
const MOST_WORDS = 6;

/** The wanted answer as it is on the screen now; null when something else is asked, or nothing. */
export type Wanted = (seen: Sight) => DialogOption | null;

export type Pressed =
  /** The last key was pressed on this screen. */
  | { readonly pressed: string; readonly on: Sight }
  | { readonly pressed: null; readonly why: 'changed' | 'unmoved' | Refusal };

/**
 * Presses what chooses an answer. A selection is moved first and seen to have moved: the answer chosen beforehand is
 * often No, and a blind Enter would end the agent. Each key goes only into the process that was meant, and only while
 * the cursor and the words of the question are where they were seen, which the tmux server checks in the same moment.
 */
export async function pressOption(target: Target, wanted: Wanted): Promise<Pressed> {
  const end = performance.now() + MOVE;
  let refused: Refusal = 'screen';
  do {
    const first = await ready(target, wanted);
    if (first === null) return { pressed: null, why: 'changed' };
    const keys = first.option.key.split(' ').filter((key) => key !== '');
    const arrows = keys.slice(0, -1).every((key) => ARROWS.has(key));
    const moves = arrows && !first.option.selected ? keys.slice(0, -1) : [];
    if (moves.length > 0) {
      const moved = await press(target, first.seen, moves);
      if (moved !== null) return { pressed: null, why: moved };
    }
    const there = moves.length === 0 ? first : await selected(target, wanted);
    if (there === null) return { pressed: null, why: 'unmoved' };
    const last = arrows ? keys.slice(-1) : keys;
    const result = last.length === 0 ? 'screen' : await press(target, there.seen, last);
    if (result === null) return { pressed: [...moves, ...last].join(' '), on: there.seen };
    refused = result;
  } while (refused === 'screen' && performance.now() < end);
  return { pressed: null, why: refused };
}

interface Ready {
  readonly seen: Sight;
  readonly option: DialogOption;
}

async function ready(target: Target, wanted: Wanted): Promise<Ready | null> {
  const seen = await see(target);
  const option = seen === null || lost(target, seen) !== null ? null : wanted(seen);
  return seen === null || option === null ? null : { seen, option };
}

function selected(target: Target, wanted: Wanted): Promise<Ready | null> {
  const look = async () => {
    const now = await ready(target, wanted);
    return now?.option.selected ? now : null;
  };
  return poll(look, { timeout: MOVE, every: PACE });
}

async function press(target: Target, seen: Sight, names: readonly string[]): Promise<Refusal | null> {
  const guard = { pid: target.pid, cursor: seen.facts.cursor, onScreen: wordsOf(seen) };
  return (await target.tmux.keys(target.pane, guard, names)).refused;
}

/** Words of the question, of what it would allow and of its answers, as they stand in single lines of the screen. */
function wordsOf({ screen, look }: Sight): string[] {
  const waiting = look.waiting;
  if (waiting === null) return [];
  const texts = [waiting.text, waiting.subject?.what ?? '', ...waiting.options.map(({ label }) => label)].map(squeezed);
  const lines = screen.lines.flatMap((line) => line.match(PLAIN) ?? []);
  const words = lines.filter((word) => word.length > 2 && texts.some((text) => text.includes(squeezed(word))));
  return [...new Set(words)].sort((a, b) => b.length - a.length).slice(0, MOST_WORDS);
}

const squeezed = (text: string) => text.replace(/\s+/gu, '');
