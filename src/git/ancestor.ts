import { git } from './git.ts';
import type { Repository } from './repository.ts';

/** Whether one commit is in the history of another, or is that. False where either is not (any more) in the repository. */
export async function isAncestor(repo: Repository, commit: string, of: string): Promise<boolean> {
  return (await git(repo.root).try(['merge-base', '--is-ancestor', commit, of])).exitCode === 0;
}
