import type { Git, GitOptions } from './git.ts';

/** What one side of a merge has done to paths since the two parted. */
export interface Touched {
  readonly paths: ReadonlySet<string>;
  /** Folders that lost a file or got one: where both, git may see a folder renamed. */
  readonly folders: ReadonlySet<string>;
}

/** Paths that differ between two commits; renames count as a removal and an addition. */
export async function touchedSince(git: Git, base: string, oid: string, options: GitOptions = {}): Promise<Touched> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--name-status', base, oid];
  const fields = (await git.run(args, options)).split('\0');
  const paths = new Set<string>();
  const folders = new Set<string>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [status, path = ''] = [fields[at], fields[at + 1]];
    paths.add(path);
    if (status !== 'M' && status !== 'T') for (const folder of foldersOf(path)) folders.add(folder);
  }
  return { paths, folders };
}

/**
 * Whether merging the two may come to a conflict at all: they touch a path both, one has a file where the other has a
 * folder, or both added or removed files below the same folder. If not, there is no need to try.
 */
export function mayCollide(a: Touched, b: Touched): boolean {
  return meets(a, b) || meets(b, a) || [...a.folders].some((folder) => b.folders.has(folder));
}

function meets(a: Touched, b: Touched): boolean {
  for (const path of a.paths) {
    if (b.paths.has(path)) return true;
    for (const folder of foldersOf(path)) if (b.paths.has(folder)) return true;
  }
  return false;
}

/** Folders above a path; the root ('') only right above it, since all would meet there. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.length === 0 ? [''] : parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
