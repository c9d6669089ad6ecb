import { copyFileSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addAll } from './add-all.ts';
import { git } from './git.ts';
import type { Scratch } from './scratch.ts';
import { readStatus, type Status } from './status.ts';

/** What a worktree holds, as a commit that is only asked about. */
export interface WorkCommit {
  /** Its HEAD where nothing is uncommitted, else one on top of that, in the scratch alone. */
  readonly oid: string;
  /** Paths that are changed and not committed, untracked ones included. */
  readonly uncommitted: readonly string[];
}

/**
 * Everything in a worktree that git can add, committed or not, as one commit. Its own index, objects and locks are left alone. Null before
 * its first commit. `known.status`: what is uncommitted, by whoever has looked already; `known.leave`: paths in it that
 * are nobody's work.
 */
export async function commitOfWork(
  worktree: string,
  scratch: Scratch,
  name: string,
  known: { readonly status?: Status; readonly leave?: readonly string[] } = {},
): Promise<WorkCommit | null> {
  const seen = known.status ?? (await readStatus(worktree));
  const { head } = seen;
  if (head === null) return null;
  const uncommitted = uncommittedIn(seen);
  if (uncommitted.length === 0) return { oid: head, uncommitted };
  const here = git(worktree);
  const index = resolve(worktree, (await here.run(['rev-parse', '--git-path', 'index'])).trimEnd());
  const copy = join(scratch.folder, `index-${name}`);
  // The copy keeps the cached file times: only what changed is read again.
  if (existsSync(index)) copyFileSync(index, copy);
  const options = { env: { ...scratch.options.env, GIT_INDEX_FILE: copy } };
  const without = (known.leave ?? []).map((path) => `:(exclude,top,literal)${path}`);
  const input = [':(top)', ...without].join('\0');
  // By a stream: a copied folder may hold more paths than a command line.
  await addAll(here, ['--pathspec-from-file=-', '--pathspec-file-nul'], { ...options, input });
  const tree = (await here.run(['write-tree'], options)).trim();
  const oid = (await here.run(['commit-tree', '-m', 'uncommitted', '-p', head, tree], options)).trim();
  return { oid, uncommitted };
}

/** Paths that are changed and not committed, untracked ones included. */
export function uncommittedIn({ changed, untracked }: Status): string[] {
  return [...changed.map(({ path }) => path), ...untracked];
}
