import type { Draft } from './dialogs.ts';

export const EMPTY: Draft = { text: '', cursor: 0 };

const segmenter = new Intl.Segmenter();

export function insert({ text, cursor }: Draft, added: string): Draft {
  return { text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length };
}

/** The draft after a key, as line editors have them; null when the key is no editing key, or changes nothing. */
export function edited(draft: Draft, key: string): Draft | null {
  const { text, cursor } = draft;
  const typed = key === 'Space' ? ' ' : key;
  if ([...typed].length === 1) return insert(draft, typed);
  const start = text.lastIndexOf('\n', cursor - 1) + 1;
  const end = text.indexOf('\n', cursor) < 0 ? text.length : text.indexOf('\n', cursor);
  switch (key) {
    case 'BSpace':
    case 'C-h':
      return without(draft, before(draft), cursor);
    case 'DC':
    case 'C-d':
      return without(draft, cursor, after(draft));
    case 'C-w':
      return without(draft, wordBefore(text, cursor), cursor);
    case 'C-u':
      return without(draft, start, cursor);
    case 'C-k':
      return without(draft, cursor, end);
    case 'Left':
    case 'C-b':
      return moved(draft, before(draft));
    case 'Right':
    case 'C-f':
      return moved(draft, after(draft));
    case 'Home':
    case 'C-a':
      return moved(draft, start);
    case 'End':
    case 'C-e':
      return moved(draft, end);
    case 'Up':
      return start === 0 ? null : moved(draft, inLine(text, text.lastIndexOf('\n', start - 2) + 1, cursor - start));
    case 'Down':
      return end === text.length ? null : moved(draft, inLine(text, end + 1, cursor - start));
    default:
      return null;
  }
}

function without(draft: Draft, from: number, to: number): Draft | null {
  if (from === to) return null;
  return { text: draft.text.slice(0, from) + draft.text.slice(to), cursor: from };
}

const moved = (draft: Draft, cursor: number): Draft | null => (cursor === draft.cursor ? null : { ...draft, cursor });

/** Where the character before the cursor begins, and where the one after it ends. */
function before({ text, cursor }: Draft): number {
  const last = [...segmenter.segment(text.slice(0, cursor))].at(-1);
  return last?.index ?? 0;
}
function after({ text, cursor }: Draft): number {
  const [first] = segmenter.segment(text.slice(cursor));
  return cursor + (first?.segment.length ?? 0);
}

function wordBefore(text: string, cursor: number): number {
  return /\S*\s*$/.exec(text.slice(0, cursor))?.index ?? 0;
}

/** The same place in another line, or its end. */
function inLine(text: string, start: number, offset: number): number {
  const end = text.indexOf('\n', start);
  return Math.min(start + offset, end < 0 ? text.length : end);
}
