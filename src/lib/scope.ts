/**
 * Whether two patterns of files may name the same file: `*` and `?` within a folder, `**` over folders, and a folder's
 * name stands for all that is in it. It errs towards yes: two agents in one file cost more than one of them waiting.
 * Everybody waits for the board meanwhile: it never takes more steps than one length times the other.
 */
export function mayOverlap(a: string, b: string): boolean {
  return segmentsOverlap(segments(a), segments(b));
}

/** The names on a pattern's way to its first wildcard. */
export function literalPath(pattern: string): string[] {
  const names = segments(pattern);
  const end = names.findIndex(isPattern);
  return end < 0 ? names : names.slice(0, end);
}

/** The names of a pattern; a brace that a `/` is in may stand for any of them. */
function segments(pattern: string): string[] {
  const open = pattern.search(/\{[^}]*\//);
  const path = open < 0 ? pattern : `${pattern.slice(0, open).replace(/[^/]*$/, '')}**`;
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function segmentsOverlap(a: readonly string[], b: readonly string[]): boolean {
  const [endA, endB] = [a.length - 1, b.length - 1];
  const [folderA, folderB] = [isFolder(a), isFolder(b)];
  const tried = new Uint8Array(a.length * b.length);
  const from = (i: number, j: number): boolean => {
    const first = a[i];
    const other = b[j];
    // What ends first is a file, or a folder with the other inside.
    if (first === undefined || other === undefined) return true;
    // The first yes is the answer: what was tried before has come to nothing.
    const place = i * b.length + j;
    if (tried[place] === 1) return false;
    tried[place] = 1;
    if (first === '**') return i === endA || folderB || from(i + 1, j) || (j < endB && from(i, j + 1));
    if (other === '**') return j === endB || folderA || from(i, j + 1) || (i < endA && from(i + 1, j));
    return namesOverlap(first, other) && from(i + 1, j + 1);
  };
  return from(0, 0);
}

/** What has no suffix is more likely a folder than a file. */
const isFolder = (path: readonly string[]) => !(path.at(-1) ?? '').includes('.');

/** Whether one name may fit both. */
function namesOverlap(a: string, b: string): boolean {
  if (a === b) return true;
  if (!isPattern(a) && !isPattern(b)) return false;
  const [one, other] = [plain(a), plain(b)];
  if (!other.includes('*')) return fits(other, one);
  if (!one.includes('*')) return fits(one, other);
  // Between their ends there is room for whatever each of them asks for, one after the other.
  const [head, otherHead] = [one, other].map((name) => name.slice(0, name.indexOf('*'))) as [string, string];
  const [tail, otherTail] = [one, other].map((name) => name.slice(name.lastIndexOf('*') + 1)) as [string, string];
  const [headLength, tailLength] = [Math.min(head.length, otherHead.length), Math.min(tail.length, otherTail.length)];
  return (
    agree(head, otherHead.slice(0, headLength), 0) &&
    agree(tail, otherTail.slice(otherTail.length - tailLength), tail.length - tailLength)
  );
}

const isPattern = (name: string) => /[*?[{]/.test(name);

/** Without classes and braces: too fine to tell, so that what begins with one may be anything. */
const plain = (name: string) => name.replace(/[[{].*/s, (rest) => (rest.startsWith('[') ? '?*' : '*'));

/** Whether a name without `*` may fit a pattern: each part at the first place where it can be leaves most room for the next. */
function fits(name: string, pattern: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  const tail = parts.pop();
  if (tail === undefined) return name.length === head.length && agree(name, head, 0);
  const end = name.length - tail.length;
  if (head.length > end || !agree(name, head, 0) || !agree(name, tail, end)) return false;
  let at = head.length;
  for (const part of parts) {
    while (at + part.length <= end && !agree(name, part, at)) at++;
    at += part.length;
  }
  return at <= end;
}

/** Whether a name may have this part at that place, which is within it. */
function agree(name: string, part: string, at: number): boolean {
  for (let i = 0; i < part.length; i++) {
    const [one, other] = [name[at + i], part[i]];
    if (one !== other && one !== '?' && other !== '?') return false;
  }
  return true;
}
