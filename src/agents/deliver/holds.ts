/** Marks that CLIs show in place of a long paste. */
const MARKER = /\[(?:\.\.\.)?(?:Pasted|Truncated)\b[^\]]*\]/giu;

/** `all`: nothing but ours. `part`: a part of ours, where the box may hide the rest. `other`: something that is not ours. */
export type Holding = 'empty' | 'all' | 'part' | 'other';

/**
 * Whether the visible draft is what was pasted. Boxes wrap, indent, expand tabs and show wide, combining and
 * right-to-left characters in ways of their own, so only what all terminals show alike is compared: ASCII without blanks.
 */
export function holding(draft: string, text: string): Holding {
  if (draft.trim() === '') return 'empty';
  const ours = visible(text);
  const marked = draft.replace(MARKER, '\n') !== draft;
  if (marked) {
    const rest = draft.replace(MARKER, '\n').split('\n').map(visible);
    return rest.every((line) => ours.includes(line)) ? 'all' : 'other';
  }
  const shown = visible(draft);
  if (shown === ours) return 'all';
  // A box may leave out the middle of a long text.
  return draft.split('\n').every((line) => ours.includes(visible(line))) ? 'part' : 'other';
}

function visible(text: string): string {
  return text.replace(/[^!-~]/gu, '');
}
