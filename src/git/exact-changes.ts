import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Git, GitOptions } from './git.ts';

/** Whatever the user's config says about diffs: the same change gives the same text. */
const PLAIN = [
  '--patch',
  '--unified=3',
  '--no-color',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--full-index',
  '--submodule=short',
  '--ignore-submodules=none',
  '--src-prefix=a/',
  '--dst-prefix=b/',
] as const;

/**
 * What each commit does to its parent, as a hash of its patch byte for byte, wherever in the files it does it: equal where
 * one is the other picked or replayed. Merges have none.
 */
export async function exactChanges(
  git: Git,
  oids: readonly string[],
  options: GitOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  if (oids.length === 0) return hashes;
  const folder = await mkdtemp(join(tmpdir(), 'swarm-changes-'));
  try {
    const file = join(folder, 'patches');
    // Into a file, not as text: other people's encodings count as they are.
    const args = ['diff-tree', '--stdin', '--root', '-r', ...PLAIN, `--output=${file}`];
    await git.run(args, { ...options, input: oids.map((oid) => `${oid}\n`).join('') });
    const wanted = new Set(oids);
    let [oid, patch]: [string, string[]] = ['', []];
    const keep = () => oid !== '' && hashes.set(oid, createHash('sha256').update(comparable(patch)).digest('hex'));
    // One character a byte. In a patch no line begins like a commit's id.
    for (const line of (await readFile(file, 'latin1')).replace(/\n$/, '').split('\n')) {
      if (wanted.has(line)) {
        keep();
        [oid, patch] = [line, []];
      } else patch.push(line);
    }
    keep();
    return hashes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Without the numbers of lines, and without the contents' ids but where the patch does not show what is in them. */
function comparable(patch: readonly string[]): string {
  const kept: string[] = [];
  let index = '';
  for (const line of patch) {
    if (line.startsWith('index ')) index = line;
    else if (line.startsWith('Binary files ')) kept.push(index, line);
    else kept.push(line.startsWith('@@ ') ? '@@' : line);
  }
  return kept.join('\n');
}
