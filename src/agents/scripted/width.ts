/** Characters that take no column: combining marks, joiners, variation selectors. */
const NONE = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** Characters that take two: East Asian wide ones and emoji. Rather one too many than a line that wraps. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

/** Terminal columns of a character. */
function columns(character: string): number {
  if (character < '\u0300') return 1;
  if (NONE.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Cuts a line into pieces of at most `width` columns. An empty line is one piece. */
export function wrap(line: string, width: number): string[] {
  if (line.length <= width && line < '\u0300') return [line];
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of line) {
    const wide = columns(character);
    if (used + wide > width) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += character;
    used += wide;
  }
  return [...pieces, piece];
}

/** Terminal columns of a line without escapes. */
export function columnsOf(line: string): number {
  let used = 0;
  for (const character of line) used += columns(character);
  return used;
}
