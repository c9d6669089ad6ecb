/** Control characters that may move the cursor, change modes or ring: all C0 and C1 but tab and newline. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming control characters is this file's purpose
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
/** CSI, OSC, DCS/APC/PM/SOS strings and two-character escapes, in their 7-bit and 8-bit forms. */
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: naming control characters is this file's purpose
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/gu;

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

/** One line, safe for a terminal: control characters removed, white space folded, cut to `width` characters. */
export function oneLine(text: string, width = Number.POSITIVE_INFINITY): string {
  const flat = stripControls(text).replace(/\s+/gu, ' ').trim();
  const points = Array.from(flat);
  return points.length <= width ? flat : `${points.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** The names nearest to `name` by edit distance, best first: for "did you mean". */
export function nearest(name: string, candidates: readonly string[], most = 3): string[] {
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance < Math.max(candidate.length, name.length))
    .filter(({ candidate, distance }) => distance <= Math.max(2, Math.ceil(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Quotes a word for a POSIX shell, only where it is needed: for commands shown to people to copy. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
