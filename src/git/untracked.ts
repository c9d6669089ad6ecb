import { git } from './git.ts';

/** Something in a worktree that git does not track. Paths are relative to it, without a trailing slash. */
export interface Untracked {
  readonly path: string;
  /** `folder`: ignored as a whole, so not looked into. `repository`: has a git folder of its own. */
  readonly kind: 'file' | 'folder' | 'repository';
}

/**
 * What git does not track, ignored or not. Ignored folders (node_modules, target) are one entry each and cost nothing,
 * however much they hold.
 */
export async function listUntracked(worktree: string): Promise<Untracked[]> {
  const here = git(worktree);
  const list = ['ls-files', '-z', '--others', '--exclude-standard'];
  const [plain, ignored] = await Promise.all([here.run(list), here.run([...list, '--ignored', '--directory'])]);
  const open = split(plain).map(
    (path): Untracked => ({ path: bare(path), kind: path.endsWith('/') ? 'repository' : 'file' }),
  );
  const paths = split(ignored);
  // git also names folders that are not ignored but hold nothing else, and then what is in them.
  const opened = new Set(paths.flatMap((path) => ancestorsOf(bare(path)).map((folder) => `${folder}/`)));
  const closed = paths
    .filter((path) => !opened.has(path))
    .map((path): Untracked => ({ path: bare(path), kind: path.endsWith('/') ? 'folder' : 'file' }));
  return [...open, ...closed];
}

/** Every path that git tracks in a worktree. */
export async function listTracked(worktree: string): Promise<Set<string>> {
  return new Set(split(await git(worktree).run(['ls-files', '-z'])));
}

/** `a/b/c` → `a`, `a/b`. */
export function ancestorsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function bare(path: string): string {
  return path.replace(/\/$/, '');
}

function split(text: string): string[] {
  return text.split('\0').filter((path) => path !== '');
}
