import type { Git } from './git.ts';

/** What a tree or the index has at a path. */
export interface TreeEntry {
  readonly mode: string;
  readonly id: string;
}

/** A path that two trees have otherwise; null where one has nothing there. */
export interface TreeChange {
  readonly path: string;
  readonly old: TreeEntry | null;
  readonly fresh: TreeEntry | null;
}

/** Every path that one commit has otherwise than another. */
export function changesOf(here: Git, from: string, to: string): Promise<TreeChange[]> {
  return changesIn(here, ['diff-tree', from, to]);
}

/** The same of one of git's plumbing diffs. */
export async function changesIn(here: Git, [command = '', ...more]: readonly string[]): Promise<TreeChange[]> {
  const plain = ['-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--ignore-submodules=none'];
  const fields = (await here.run([command, ...plain, ...more])).split('\0');
  const changes: TreeChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = '', mode = '', oldId = '', id = ''] = fields[at]?.slice(1).split(' ') ?? [];
    changes.push({ path: fields[at + 1] ?? '', old: entryOf(oldMode, oldId), fresh: entryOf(mode, id) });
  }
  return changes;
}

/** Whether it is a submodule. */
export const isLink = (entry: TreeEntry | null): boolean => entry?.mode === '160000';

function entryOf(mode: string, id: string): TreeEntry | null {
  return /^0+$/.test(mode) ? null : { mode, id };
}
