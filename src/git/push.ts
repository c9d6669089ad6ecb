import { git } from './git.ts';
import { remoteUrls } from './pulls.ts';
import type { Repository } from './repository.ts';

/** The remote that a branch is pushed to: the one that it follows, else origin, else the only one; null when none stands out. */
export async function pushRemote(repo: Repository, branch: string): Promise<string | null> {
  const names = (await remoteUrls(repo)).map(({ name }) => name);
  const main = git(repo.root);
  for (const key of [`branch.${branch}.pushRemote`, 'remote.pushDefault', `branch.${branch}.remote`]) {
    const { stdout } = await main.try(['config', '--get', key]);
    if (names.includes(stdout.trim())) return stdout.trim();
  }
  if (names.includes('origin')) return 'origin';
  return names.length === 1 ? (names[0] ?? null) : null;
}

/** Pushes a commit as a branch, as by hand: with the user's hooks, never by force. Answers what git said when it did not. */
export async function pushCommit(
  repo: Repository,
  push: { readonly remote: string; readonly branch: string; readonly commit: string },
): Promise<string | null> {
  const { remote, branch, commit } = push;
  const args = ['push', '--quiet', '--', remote, `${commit}:refs/heads/${branch}`];
  const { exitCode, stderr } = await git(repo.root).try(args);
  return exitCode === 0 ? null : stderr.trim();
}
