import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git.ts';
import { readStatus, type StatusEntry } from './status.ts';
import { changesOf, isLink } from './tree-changes.ts';

interface Move {
  readonly from: string;
  readonly to: string;
}

/** Files there that hold something uncommitted and that a move forward would write. */
export async function inTheWay(worktree: string, { from, to }: Move): Promise<string[]> {
  const here = git(worktree);
  const [changes, { changed, untracked }] = await Promise.all([changesOf(here, from, to), readStatus(worktree)]);
  const written = changes.map(({ path }) => path);
  const there = new Set(written);
  const bumped = new Set(changes.filter(({ old, fresh }) => isLink(old) && isLink(fresh)).map(({ path }) => path));
  // git moves what is recorded of a submodule, and leaves the submodule where it is: an earlier move has it lag behind.
  const lagging = ({ path, code, submodule }: StatusEntry) => submodule !== null && code === '.M' && bumped.has(path);
  const passed = changed.some(lagging) && !(await movesSubmodules(worktree)) ? lagging : () => false;
  const own = [...changed.filter((entry) => !passed(entry)).map(({ path }) => path), ...untracked];
  const meets = (path: string) =>
    there.has(path) || written.some((one) => one.startsWith(`${path}/`) || path.startsWith(`${one}/`));
  return own.filter(meets);
}

/** Files there (ignored ones, which no status names) where a move forward has new files: not git's, if it fails. */
export async function newFilesThere(worktree: string, { from, to }: Move): Promise<ReadonlySet<string>> {
  const added = (await changesOf(git(worktree), from, to)).filter(({ old }) => old === null).map(({ path }) => path);
  const found = await Promise.all(
    added.map(async (path) => ((await lstat(join(worktree, path)).catch(() => null)) === null ? [] : [path])),
  );
  return new Set(found.flat());
}

async function movesSubmodules(worktree: string): Promise<boolean> {
  const { stdout } = await git(worktree).try(['config', '--type=bool', '--get', 'submodule.recurse']);
  return stdout.trim() === 'true';
}
