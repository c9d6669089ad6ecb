/** Whether `*` may stand for the character at a place of the text. */
type Passes = (text: string, at: number) => boolean;

/** Whether the whole text is the pattern, in which only `*` means something: any characters that pass, none too. */
export function fits(pattern: string, text: string, passes: Passes): boolean {
  let places = reach(pattern, [0]);
  for (let at = 0; at < text.length; at++) places = step(pattern, places, text, at, passes);
  return places.has(pattern.length);
}

/**
 * Whether the pattern is found anywhere in the text, as words: `rm *` in `cd x && /bin/rm -rf y`, not in `npm run form`.
 * `*` stands for anything here, and a last one also for nothing.
 */
export function isFoundIn(pattern: string, text: string): boolean {
  const open = /[^ ]\*$/u.test(pattern) || pattern === '*';
  const words = pattern.replace(/ ?\*$/u, '').replace(/^\* ?/u, '');
  if (words === '') return true;
  let places = new Set<number>();
  for (let at = 0; at <= text.length; at++) {
    if (places.has(words.length) && (open || !joins(text, at))) return true;
    if (!joins(text, at)) places = new Set([...places, ...reach(words, [0])]);
    places = step(words, places, text, at, () => true);
  }
  return false;
}

/** Whether a word goes on over this place. */
const joins = (text: string, at: number) => isWord(text[at - 1]) && isWord(text[at]);
const isWord = (letter: string | undefined) => letter !== undefined && /[\w-]/u.test(letter);

function step(pattern: string, places: ReadonlySet<number>, text: string, at: number, passes: Passes): Set<number> {
  const next: number[] = [];
  for (const place of places) {
    if (pattern[place] === '*') {
      if (passes(text, at)) next.push(place);
    } else if (place < pattern.length && pattern[place] === text[at]) next.push(place + 1);
  }
  return reach(pattern, next);
}

/** The places of a pattern, and those behind an asterisk there. */
function reach(pattern: string, places: readonly number[]): Set<number> {
  const all = new Set<number>();
  for (let place of places) {
    all.add(place);
    while (pattern[place] === '*') all.add(++place);
  }
  return all;
}
