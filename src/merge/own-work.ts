import type { Session } from '../agents/session.ts';
import { sameAsMain } from '../git/same.ts';
import { readStatus, type Status } from '../git/status.ts';
import { uncommittedIn } from '../git/work-commit.ts';
import { copyFiles } from '../workspace/files.ts';

/** What is uncommitted in a worktree, without what swarm brought there. */
export interface OwnWork {
  /** Without the copies and links. */
  readonly status: Status;
  /** Copies of and links to the main worktree's untracked files: nobody's work, and nothing to commit. */
  readonly leave: readonly string[];
  /** Paths that are changed and not committed, untracked ones included. */
  readonly files: readonly string[];
}

/** Where copies come from, and which. */
export type Ground = Pick<Session, 'repo' | 'config'>;

/** Reads what an agent has made in its worktree and not committed. `status`: by whoever has read it already. */
export async function ownWorkIn(session: Ground, worktree: string, status?: Status): Promise<OwnWork> {
  const seen = status ?? (await readStatus(worktree));
  const leave = seen.untracked.length === 0 ? [] : await copiesAmong(session, worktree, seen.untracked);
  const own = { ...seen, untracked: seen.untracked.filter((path) => !leave.includes(path)) };
  return { status: own, leave, files: uncommittedIn(own) };
}

/** Untracked files that came from the main worktree, also those that were changed since: they hold the user's secrets. */
async function copiesAmong(
  { repo, config }: Ground,
  worktree: string,
  untracked: readonly string[],
): Promise<readonly string[]> {
  const { updated } = await copyFiles({ repo, files: config.files, worktree, dryRun: true });
  const same = await Promise.all(untracked.map((path) => sameAsMain(repo, worktree, path)));
  return untracked.filter((path, index) => same[index] || updated.includes(path));
}
