import { type Git, GitError, type GitOptions } from './git.ts';

/** What merging one commit into another would come to, without touching a checkout, an index or a lock. */
export type Prediction =
  /** It is in already. */
  | { readonly state: 'nothing' }
  /** `tree`: what would be there afterwards. `forward`: the other side has nothing of its own. */
  | { readonly state: 'clean'; readonly tree: string; readonly forward: boolean }
  /** `files`: what git could not bring together, by path, sorted. */
  | { readonly state: 'conflict'; readonly files: readonly string[] }
  /** The two have no common history: git refuses to merge them. */
  | { readonly state: 'unrelated' };

/**
 * Merges `theirs` into `ours` in memory, as `git merge` would (the same strategy and settings).
 * @param options the environment in which both commits are known; new objects go to where it says.
 * @throws GitError for a commit that is none.
 */
export async function predictMerge(
  git: Git,
  ours: string,
  theirs: string,
  options: GitOptions = {},
): Promise<Prediction> {
  const base = await git.try(['merge-base', ours, theirs], options);
  if (base.exitCode !== 0) {
    // Also the answer for a commit that is none: that is told by whoever is asked next.
    await git.run(['rev-parse', '--verify', '--quiet', `${ours}^{commit}`, '--'], options);
    await git.run(['rev-parse', '--verify', '--quiet', `${theirs}^{commit}`, '--'], options);
    return { state: 'unrelated' };
  }
  const [mine, other] = [base.stdout.trim() === ours, base.stdout.trim() === theirs];
  if (other) return { state: 'nothing' };
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--messages', ours, theirs];
  const result = await git.try(args, options);
  const { exitCode, stdout } = result;
  const { tree, files } = parse(stdout);
  if (exitCode === 0) return { state: 'clean', tree, forward: mine };
  if (exitCode === 1) return { state: 'conflict', files: withoutSides(files, [ours, theirs]) };
  throw new GitError(args, git.dir, result);
}

/** A file that stands where the other side has a folder is named `path~SIDE`: people know it as `path`. */
export function withoutSides(files: readonly string[], sides: readonly string[]): string[] {
  const plain = files.map((file) => {
    const side = sides.find((one) => file.endsWith(`~${one}`));
    return side === undefined ? file : file.slice(0, -side.length - 1);
  });
  return [...new Set(plain)].toSorted();
}

/**
 * The tree; the names of files with several versions, up to an empty one; then messages: how many paths, those, the kind,
 * and the words. Some conflicts (two files that want one place) are told by a message alone.
 */
function parse(output: string): { readonly tree: string; readonly files: string[] } {
  const [tree = '', ...fields] = output.split('\0');
  const end = fields.indexOf('');
  const versions = (end < 0 ? fields : fields.slice(0, end)).filter((path) => path !== '');
  if (versions.length > 0) return { tree, files: versions.toSorted() };
  const files = new Set<string>();
  let at = end < 0 ? fields.length : end + 1;
  while (at < fields.length) {
    const count = Number(fields[at]);
    if (!Number.isInteger(count) || fields[at] === '') break;
    const paths = fields.slice(at + 1, at + 1 + count);
    if (fields[at + 1 + count]?.startsWith('CONFLICT')) for (const path of paths) files.add(path);
    at += count + 3;
  }
  return { tree, files: [...files].toSorted() };
}
