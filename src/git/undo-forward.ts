import { existsSync } from 'node:fs';
import { lstat, readlink, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errnoOf } from '../lib/errors.ts';
import { type Git, git } from './git.ts';
import { changesIn, changesOf, isLink, type TreeChange } from './tree-changes.ts';

/** What a checkout holds of a move forward that git did not bring to its end. */
export interface HalfForward {
  /** Put back as they were. */
  readonly restored: readonly string[];
  /** The index's lock, beside which nothing was put back; whoever is sure that no git runs there can remove it. Null without one. */
  readonly lock: string | null;
}

/**
 * Takes back what a `git merge --ff-only` that was killed, or failed, had written into a checkout whose branch has not
 * moved. Only what is, byte for byte, as the new commit has it is touched, and what git had taken away to write it anew:
 * nothing of a person's can be among it. `spared`: new files that were there before.
 */
export async function undoForward(
  worktree: string,
  from: string,
  to: string,
  spared: ReadonlySet<string> = new Set(),
): Promise<HalfForward> {
  const here = git(worktree);
  const [lock = ''] = await gitPaths(here, ['index.lock']);
  if (existsSync(lock)) return { restored: [], lock };
  // Where the checkout's own commit has something else by now, somebody else has been there.
  const others = new Set((await changesOf(here, from, 'HEAD')).map(({ path }) => path));
  const changes = (await changesOf(here, from, to)).filter(({ path }) => !others.has(path));
  const { staged, foreign } = await readIndex(here, from, changes);
  await perPath(here, ['reset', '--quiet', '--no-recurse-submodules', from], staged);
  const written = await unwrite(
    here,
    changes.filter(({ path }) => !foreign.has(path) && !spared.has(path)),
  );
  return { restored: [...new Set([...staged, ...written])], lock: null };
}

/** Locks that a git which was killed while it moved a branch leaves, of those that are there. `holder`: where it is checked out. */
export async function locksOf(root: string, branch: string, holder: string | null): Promise<string[]> {
  const names = [`refs/heads/${branch}.lock`, 'packed-refs.lock'];
  const paths = await gitPaths(git(root), names);
  if (holder !== null) paths.unshift(...(await gitPaths(git(holder), ['index.lock', 'HEAD.lock'])));
  return paths.filter((path) => existsSync(path));
}

async function gitPaths(here: Git, names: readonly string[]): Promise<string[]> {
  const text = await here.run(['rev-parse', ...names.flatMap((name) => ['--git-path', name])]);
  return text
    .trimEnd()
    .split('\n')
    .map((path) => resolve(here.dir, path));
}

/** Which of the changes are in the index, and at which paths it holds what is neither old nor new. */
async function readIndex(here: Git, from: string, changes: readonly TreeChange[]) {
  const index = new Map((await changesIn(here, ['diff-index', '--cached', from])).map((one) => [one.path, one.fresh]));
  const changed = changes.filter(({ path }) => index.has(path));
  const isNew = ({ path, fresh }: TreeChange) =>
    index.get(path)?.id === fresh?.id && index.get(path)?.mode === fresh?.mode;
  return {
    staged: changed.filter(isNew).map(({ path }) => path),
    foreign: new Set(changed.filter((change) => !isNew(change)).map(({ path }) => path)),
  };
}

/** Files, as the index has them again. */
async function unwrite(here: Git, changes: readonly TreeChange[]): Promise<string[]> {
  const written: string[] = [];
  for (const change of changes.filter(({ old }) => old === null)) {
    if (await removeAdded(here, change)) written.push(change.path);
  }
  const replaced: string[] = [];
  const gone: string[] = [];
  for (const { path, fresh } of changes.filter(({ old }) => old !== null)) {
    const state = await stateOf(here, path, fresh);
    if (state === 'gone') gone.push(path);
    else if (state === 'fresh') replaced.push(path);
  }
  // What a sparse checkout leaves out is gone for another reason.
  const out = gone.length === 0 ? new Set() : await leftOut(here);
  const wanted = [...replaced, ...gone.filter((path) => !out.has(path))];
  await perPath(here, ['restore', '--quiet', '--worktree', '--no-recurse-submodules'], wanted);
  return [...written, ...wanted];
}

/** A new file is removed, and folders that it leaves empty, as git does; a new submodule's folder only if it is empty. */
async function removeAdded(here: Git, { path, fresh }: TreeChange): Promise<boolean> {
  const file = join(here.dir, path);
  if (isLink(fresh)) return removeEmpty(file, here.dir);
  if ((await stateOf(here, path, fresh)) !== 'fresh') return false;
  await rm(file, { force: true });
  await removeEmpty(dirname(file), here.dir);
  return true;
}

async function removeEmpty(folder: string, top: string): Promise<boolean> {
  let removed = false;
  for (let at = folder; at !== top; at = dirname(at)) {
    const done = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!done) break;
    removed = true;
  }
  return removed;
}

/** A file against the new commit's content of it. */
async function stateOf(here: Git, path: string, fresh: TreeChange['fresh']): Promise<'gone' | 'fresh' | 'other'> {
  const file = join(here.dir, path);
  const found = await lstat(file).catch((error: unknown) => errnoOf(error));
  // ENOTDIR: where its folder was, there is a file.
  if (typeof found !== 'object' || found === null) return found === 'ENOENT' ? 'gone' : 'other';
  if (fresh === null || found.isDirectory()) return 'other';
  const asked = found.isSymbolicLink()
    ? here.try(['hash-object', '--stdin'], { input: await readlink(file) })
    : here.try(['hash-object', `--path=${path}`, '--', file]);
  return (await asked).stdout.trim() === fresh.id ? 'fresh' : 'other';
}

async function leftOut(here: Git): Promise<ReadonlySet<string>> {
  const lines = (await here.run(['ls-files', '-t', '-z'])).split('\0');
  return new Set(lines.filter((line) => line.startsWith('S ')).map((line) => line.slice(2)));
}

/** A path with a colon or a star is that path. */
async function perPath(here: Git, command: readonly string[], paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const args = ['--literal-pathspecs', ...command, '--pathspec-from-file=-', '--pathspec-file-nul'];
  await here.run(args, { input: paths.join('\0') });
}
