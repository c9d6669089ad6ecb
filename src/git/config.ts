import { poll } from '../lib/poll.ts';
import { GitError, type GitResult, git } from './git.ts';
import type { Repository } from './repository.ts';

/** Milliseconds to wait for another program's lock on the configuration; git itself does not wait at all. */
const PATIENCE = 5000;

/** Sets a value in the repository's configuration. @throws GitError */
export function setConfig(repo: Repository, key: string, value: string, operation: string): Promise<void> {
  return write(repo, ['config', '--local', '--replace-all', key, value], operation, []);
}

/** What a branch follows, or null. */
export async function upstreamOf(repo: Repository, branch: string): Promise<{ remote: string; merge: string } | null> {
  const read = async (key: string) =>
    (await git(repo.root).try(['config', '--get', `branch.${branch}.${key}`])).stdout.trim();
  const [remote, merge] = await Promise.all([read('remote'), read('merge')]);
  return remote === '' || merge === '' ? null : { remote, merge };
}

/** Forgets what the configuration says of a branch; fine when it says nothing. @throws GitError */
export function removeBranchConfig(repo: Repository, branch: string, operation: string): Promise<void> {
  // 128: no such section.
  return write(repo, ['config', '--local', '--remove-section', `branch.${branch}`], operation, [128]);
}

async function write(repo: Repository, args: readonly string[], operation: string, fine: number[]): Promise<void> {
  let last: GitResult = { exitCode: -1, stdout: '', stderr: '' };
  const done = await poll(
    async () => {
      last = await git(repo.root, { operation }).try(args);
      return /could not lock config file/.test(last.stderr) ? null : true;
    },
    { timeout: PATIENCE, every: 20 },
  );
  if (done && (last.exitCode === 0 || fine.includes(last.exitCode))) return;
  throw new GitError(args, repo.root, last);
}
