import { readFileSync } from 'node:fs';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { git } from './git.ts';
import type { Repository } from './repository.ts';

export interface WorktreeEntry {
  readonly path: string;
  /** Null while its branch has no commit. */
  readonly head: string | null;
  /** Short name; null when detached. */
  readonly branch: string | null;
  readonly bare: boolean;
  readonly detached: boolean;
  /** The lock's reason, '' when none was given; null when not locked. */
  readonly locked: string | null;
  /** git takes it for gone. */
  readonly prunable: boolean;
}

/** Every worktree git knows of, the main one (or the bare repository) first. Writes nothing. */
export async function listWorktrees(repo: Repository): Promise<WorktreeEntry[]> {
  const text = await git(repo.root).run(['worktree', 'list', '--porcelain', '-z']);
  const entries = text
    .split('\0\0')
    .filter((block) => block !== '')
    .map(parseEntry);
  // git names a submodule's main worktree, and one apart from its git folder, by the git folder.
  return entries.map((entry, index) => (index === 0 ? { ...entry, path: repo.root } : entry));
}

function parseEntry(block: string): WorktreeEntry {
  const fields = new Map<string, string>();
  for (const line of block.split('\0')) {
    const space = line.indexOf(' ');
    fields.set(space < 0 ? line : line.slice(0, space), space < 0 ? '' : line.slice(space + 1));
  }
  const head = fields.get('HEAD') ?? null;
  return {
    path: fields.get('worktree') ?? '',
    head: head === null || /^0+$/.test(head) ? null : head,
    branch: fields.get('branch')?.replace(/^refs\/heads\//, '') ?? null,
    bare: fields.has('bare'),
    detached: fields.has('detached'),
    locked: fields.get('locked') ?? null,
    prunable: fields.has('prunable'),
  };
}

/** git's own folder of one linked worktree, under `<commonDir>/worktrees`. */
export interface AdminDir {
  readonly dir: string;
  /** Where its worktree lies; null when git was ended before it wrote that. */
  readonly worktree: string | null;
  /** Content of `locked`, null without it. */
  readonly locked: string | null;
}

/** The admin folders of linked worktrees, half-made ones included, which `git worktree list` does not show. */
export async function listAdminDirs(repo: Repository): Promise<AdminDir[]> {
  const parent = join(repo.commonDir, 'worktrees');
  const names = await readdir(parent).catch(() => []);
  return Promise.all(
    names.sort().map(async (name) => {
      const dir = join(parent, name);
      const [gitdir, locked] = await Promise.all([readOrNull(join(dir, 'gitdir')), readOrNull(join(dir, 'locked'))]);
      // Relative since git 2.48 when worktree.useRelativePaths is set.
      const worktree =
        gitdir === null || gitdir.trim() === '' ? null : dirname(resolve(dir, gitdir.replace(/\n$/, '')));
      return { dir, worktree, locked: locked?.trim() ?? null };
    }),
  );
}

/** The admin folder of a worktree of this repository, the common folder for the main one; null for any other folder. */
export async function adminDirOf(repo: Repository, worktree: string): Promise<string | null> {
  const wanted = await realOf(worktree);
  if (!repo.bare && wanted === repo.root) return repo.commonDir;
  for (const { dir, worktree: path } of await listAdminDirs(repo)) {
    if (path !== null && (await realOf(path)) === wanted) return dir;
  }
  return null;
}

/** The administrative folder of a linked worktree, as its `.git` names it (gitrepository-layout(5)); null without one. */
export function linkedGitDir(worktree: string): string | null {
  try {
    const path = /^gitdir: (.*)\n?$/.exec(readFileSync(join(worktree, '.git'), 'utf8'))?.[1];
    return path === undefined ? null : resolve(worktree, path);
  } catch {
    return null;
  }
}

/** Whether nothing is at this path. What can't be looked at is not gone. */
export async function isGone(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'ENOENT' || code === 'ENOTDIR',
  );
}

/** The path without links, as far as it exists. */
export async function realOf(path: string): Promise<string> {
  const whole = resolve(path);
  const real = await realpath(whole).catch(() => null);
  if (real !== null || dirname(whole) === whole) return real ?? whole;
  return join(await realOf(dirname(whole)), whole.slice(dirname(whole).length));
}

async function readOrNull(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}
