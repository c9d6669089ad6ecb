/** Marks that CLIs show in place of a long paste. */
const MARKER = /\[(?:\.\.\.)?(?:Pasted|Truncated)\b[^\]]*\]/giu;
/** Characters of one line from which a CLI may show a mark for it. */
const LONG = 150;
/** Columns of a tab at most: some CLIs count a paste with its tabs expanded. */
const TAB = 8;

/** `all`: ours to the letter. `part`: as much of ours as a box shows for certain. `other`: something that is not ours. */
export type Holding = 'empty' | 'all' | 'part' | 'other';

/**
 * Whether the visible draft is what was pasted. Boxes wrap, indent and expand tabs as they like, so blanks don't count.
 * Nothing in a draft that was never in ours passes for ours, and a mark only if it can stand for as much as we pasted.
 */
export function holding(draft: string, text: string): Holding {
  if (draft.trim() === '') return 'empty';
  if (letters(draft) === letters(text)) return 'all';
  // A box may leave out the middle of a long text.
  if (isOfOurs(draft, text)) return 'part';
  const marks = draft.match(MARKER) ?? [];
  const rest = draft.replace(MARKER, '\n');
  const ours = marks.length > 0 && marksFit(marks, text) && (rest.trim() === '' || isOfOurs(rest, text));
  return ours ? 'part' : 'other';
}

/** Without blanks: `e` and its accent are one letter, however they were written. */
function letters(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, '');
}

/** What a terminal may leave out, replace or show in another order: marks, emoji, what is written from right to left. */
const SHIFTY =
  /[\p{M}\p{Z}\p{C}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/gu;

/** Whether each line is a piece of ours. A line that shows no letter says nothing, and a draft of nothing else is not ours. */
function isOfOurs(draft: string, text: string): boolean {
  const lines = draft.split('\n').map(plain).filter(Boolean);
  const whole = plain(text);
  const steady = whole.replace(SHIFTY, '');
  const used = new Set(whole);
  const isPiece = (line: string) =>
    steady.includes(line.replace(SHIFTY, '')) && [...line].every((one) => used.has(one));
  return lines.length > 0 && lines.every(isPiece);
}

/** Its letters without their marks and what has no width. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/[\p{M}\p{Z}\p{C}]/gu, '');
}

/** Whether our text is one for which a CLI shows marks, and no smaller than what these say that they stand for. */
function marksFit(marks: readonly string[], text: string): boolean {
  const lines = text.split('\n').length;
  const size = Buffer.byteLength(text.replaceAll('\t', ' '.repeat(TAB)));
  if (lines === 1 && size < LONG) return false;
  const sum = (unit: RegExp) => marks.reduce((total, mark) => total + Number(unit.exec(mark)?.[1] ?? 0), 0);
  return sum(/(\d+) lines?\b/iu) <= lines && sum(/(\d+) char/iu) <= size;
}
