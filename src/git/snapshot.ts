import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { addAll } from './add-all.ts';
import { type Git, type GitError, git } from './git.ts';

/** A worktree as it is now, staged or not, untracked files included, without touching its index or objects. */
export interface Snapshot {
  readonly git: Git;
  /** Environment for git calls that shall see the snapshot's index and objects. */
  readonly env: Record<string, string>;
  /** The tree of everything that is there. */
  readonly tree: string;
  /** What git said of paths that it could not add; null when all are in. */
  readonly missing: GitError | null;
}

/**
 * Runs `work` with a snapshot of the worktree. Its index is a copy in a temporary folder and its objects go to a
 * temporary object directory, so that neither a lock nor a loose object reaches the agent's repository.
 */
export async function withSnapshot<T>(worktree: string, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-index-'));
  try {
    const repository = git(worktree);
    const paths = await repository.run(['rev-parse', '--git-path', 'index', '--git-path', 'objects']);
    const [index = '', objects = ''] = paths
      .trimEnd()
      .split('\n')
      .map((path) => resolve(worktree, path));
    const env = {
      GIT_INDEX_FILE: join(folder, 'index'),
      GIT_OBJECT_DIRECTORY: folder,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: objects,
    };
    // The copy keeps the cached file times: only what changed is read again.
    if (existsSync(index)) copyFileSync(index, env.GIT_INDEX_FILE);
    const missing = await addAll(repository, ['--', '.'], { env });
    const tree = (await repository.run(['write-tree'], { env })).trim();
    return await work({ git: repository, env, tree, missing });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
