import { literalPath, mayOverlap } from './scope.ts';

/**
 * Patterns of files by the path that they begin with, up to the first wildcard: two can only overlap when one begins with
 * all of the other's. So a large board is not compared each with each.
 */
export class ScopeIndex {
  /** What has exactly this path, and what begins with more than it. */
  readonly #at = new Map<string, string[]>();
  readonly #below = new Map<string, string[]>();

  constructor(patterns: Iterable<string>) {
    for (const pattern of patterns) {
      const paths = pathsTo(pattern);
      for (const [index, path] of paths.entries()) {
        const lists = index === paths.length - 1 ? this.#at : this.#below;
        const list = lists.get(path);
        if (list === undefined) lists.set(path, [pattern]);
        else list.push(pattern);
      }
    }
  }

  /** Those that may name a file which this one names too. */
  overlapping(pattern: string): string[] {
    const paths = pathsTo(pattern);
    const candidates = [...paths.map((path) => this.#at.get(path)), this.#below.get(paths.at(-1) ?? '')];
    return candidates.flatMap((list = []) => list.filter((other) => mayOverlap(pattern, other)));
  }
}

/** The paths on the way to a pattern's first wildcard, from the root: '', 'src', 'src/api'. */
function pathsTo(pattern: string): string[] {
  const paths = [''];
  for (const name of literalPath(pattern)) paths.push(`${paths.at(-1)}/${name}`);
  return paths;
}
