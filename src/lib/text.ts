/** Control characters that may move the cursor, change modes or ring: all C0 and C1 but tab and newline. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming control characters is this file's purpose
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
/** CSI, OSC, DCS/APC/PM/SOS strings and two-character escapes, in their 7-bit and 8-bit forms. */
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: naming control characters is this file's purpose
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/gu;

/** Characters that show what follows in another order: a name could be read as another one. */
const ORDER = /[\u202a-\u202e\u2066-\u2069]/gu;

/** Removes terminal control sequences, then every control character except tab and newline. Repeats until stable, so that a removal can't join two halves into a new sequence. */
export function stripControls(text: string): string {
  let before: string;
  let after = text;
  do {
    before = after;
    after = before.replace(SEQUENCE, '');
  } while (after !== before);
  return after.replace(CONTROL, '');
}

/** A colour (SGR), or a control character that is neither tab nor newline. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming control characters is this file's purpose
const COLOUR_OR_CONTROL = /\u001b\[[\d;:]*m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/**
 * Text for a terminal: tabs, newlines and colours stay; any other control character is shown (`^[`, `\x9b`) in place of
 * taking effect. For what others wrote and must be readable as it is: a file's content, a command's output.
 */
export function tame(text: string): string {
  return text.replace(COLOUR_OR_CONTROL, (found) => {
    const code = found.charCodeAt(0);
    if (found.length > 1) return found;
    if (code >= 0x7f) return code === 0x7f ? '^?' : `\\x${code.toString(16)}`;
    return `^${String.fromCharCode(code + 64)}`;
  });
}

/** One line, safe for a terminal: control characters removed, white space folded, cut to `width` characters. */
export function oneLine(text: string, width = Number.POSITIVE_INFINITY): string {
  const flat = stripControls(text).replace(ORDER, '').replace(/\s+/gu, ' ').trim();
  const points = Array.from(flat);
  return points.length <= width ? flat : `${points.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** One line, safe for a terminal, with its blanks as they are: a path or a name that may be copied. */
export function plainLine(text: string): string {
  return stripControls(text)
    .replace(ORDER, '')
    .replace(/[\t\n]/gu, ' ');
}

/** The text in a form in which what differs in case alone, or in how an accent is written, is the same. */
export function caseless(text: string): string {
  // By the upper case: ß and SS, ς and σ are the same there.
  return text.normalize('NFC').toUpperCase();
}

/** The names that begin with `name`, then those nearest to it by edit distance, best first: for "did you mean". */
export function nearest(name: string, candidates: readonly string[], most = 3): string[] {
  const word = name.toLowerCase();
  return candidates
    .map((candidate) => ({ candidate, distance: distanceTo(word, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => isNear(distance, candidate.length, Math.max(candidate.length, word.length)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** Fewest for a beginning of the candidate; a candidate with something behind it is nearer than two slips. */
function distanceTo(word: string, candidate: string): number {
  const whole = Math.min(word.length, candidate.length) > 1;
  if (whole && candidate.startsWith(word)) return 0;
  const slips = editDistance(word, candidate);
  return whole && word.startsWith(candidate) ? Math.min(slips, 1.5) : slips;
}

/** A slip in a short name, more of them in a long one; but two of four letters are no likeness. */
function isNear(distance: number, length: number, longest: number): boolean {
  if (distance >= longest || distance > Math.max(2, Math.ceil(length / 3))) return false;
  return distance < 2 || distance * 2 < longest;
}

/** Letters to put in, to leave out, to replace, or to swap with their neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : substitution;
      next.push(Math.min(substitution, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The words of a command line as a POSIX shell would read them, quotes and backslashes heeded and nothing else. */
export function wordsOfLine(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:\\[\s\S]?|'[^']*'?|"(?:\\[\s\S]|[^"\\])*"?|[^\s'"\\])+/gu)) {
    words.push(
      word.replace(/\\([\s\S]?)|'([^']*)'?|"((?:\\[\s\S]|[^"\\])*)"?/gu, (_, escaped, single, double) =>
        escaped === undefined ? (single ?? double.replace(/\\(["\\$`])/gu, '$1')) : escaped || '\\',
      ),
    );
  }
  return words;
}

/** Quotes a word for a POSIX shell, only where it is needed: for commands shown to people to copy. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
