/**
 * Whether two patterns of files may name the same file: `*` and `?` within a folder, `**` over folders, and a folder's
 * name stands for all that is in it. It errs towards yes: two agents in one file cost more than one of them waiting.
 */
export function mayOverlap(a: string, b: string): boolean {
  return segmentsOverlap(segments(a), segments(b));
}

const segments = (pattern: string): string[] => pattern.split('/').filter((part) => part !== '' && part !== '.');

function segmentsOverlap(a: readonly string[], b: readonly string[]): boolean {
  const [first, ...restA] = a;
  const [other, ...restB] = b;
  // What ends first is a file, or a folder with the other inside.
  if (first === undefined || other === undefined) return true;
  if (first === '**')
    return restA.length === 0 || isFolder(b) || b.some((_, at) => segmentsOverlap(restA, b.slice(at)));
  if (other === '**') return segmentsOverlap(b, a);
  return namesOverlap(first, other) && segmentsOverlap(restA, restB);
}

/** What has no suffix is more likely a folder than a file. */
const isFolder = (path: readonly string[]) => !(path.at(-1) ?? '').includes('.');

/** Whether one name may fit both. */
function namesOverlap(a: string, b: string): boolean {
  if (!isPattern(a) && !isPattern(b)) return a === b;
  if (a === '' || b === '') return (a + b).replaceAll('*', '') === '';
  if (a[0] === '*') return namesOverlap(a.slice(1), b) || namesOverlap(a, b.slice(1));
  if (b[0] === '*') return namesOverlap(b, a);
  // Classes and braces: too fine to tell, so they may.
  if ('[{'.includes(a[0] ?? '') || '[{'.includes(b[0] ?? '')) return true;
  return (a[0] === b[0] || a[0] === '?' || b[0] === '?') && namesOverlap(a.slice(1), b.slice(1));
}

const isPattern = (name: string) => /[*?[{]/.test(name);
