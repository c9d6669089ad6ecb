import { resolveCommit } from './branches.ts';
import { type GitResult, git } from './git.ts';
import type { Repository } from './repository.ts';

/** A pull request's head, and the branches around it, as a remote knows them. */
export interface PullRefs {
  readonly remote: string;
  readonly number: number;
  /** The head's branch on the same remote; null when it is in another repository. */
  readonly head: string | null;
  readonly base: string;
}

/** Remotes and where they fetch from, with the user's `insteadOf` rewriting done. */
export async function remoteUrls(repo: Repository): Promise<{ readonly name: string; readonly url: string }[]> {
  const text = await git(repo.root).run(['remote', '--verbose']);
  return text.split('\n').flatMap((line) => {
    const [, name, url] = /^(\S+)\t(.*) \(fetch\)/.exec(line) ?? [];
    return name === undefined || url === undefined ? [] : [{ name, url }];
  });
}

/**
 * Fetches a pull request's head, and with it what the remote has of its branch and of its base. Makes no branch; only
 * the remote-tracking branches move, as with any fetch. False: the head's branch is no longer there (merged and deleted).
 * @throws GitError when the head can't be fetched.
 */
export async function fetchPull(repo: Repository, refs: PullRefs): Promise<{ readonly headIsThere: boolean }> {
  const { remote, number } = refs;
  const tracking = (branch: string) => `+refs/heads/${branch}:refs/remotes/${remote}/${branch}`;
  const branches = [...new Set([refs.base, ...(refs.head === null ? [] : [refs.head])])];
  // No FETCH_HEAD: other processes write theirs in the same file.
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--', remote];
  const here = git(repo.root);
  const all: GitResult = await here.try([...fetch, `refs/pull/${number}/head`, ...branches.map(tracking)]);
  if (all.exitCode === 0) return { headIsThere: refs.head !== null };
  await here.run([...fetch, `refs/pull/${number}/head`]);
  // One branch that is gone makes git fetch none: the base is worth a try by itself.
  await here.try([...fetch, tracking(refs.base)]);
  return { headIsThere: false };
}

/** The name under which a remote's branch is known here, else the branch's own, when it names a commit; else null. */
export async function knownBranch(repo: Repository, remote: string, branch: string): Promise<string | null> {
  for (const name of [`${remote}/${branch}`, branch]) if ((await resolveCommit(repo.root, name)) !== null) return name;
  return null;
}

/**
 * The branch that a remote's one is named after: `origin/release` → `release`; any other name is its own. Of several
 * remotes whose names begin alike the longest counts.
 */
export function withoutRemote(name: string, remotes: readonly string[]): string {
  const known = remotes.filter((remote) => name.startsWith(`${remote}/`)).map(({ length }) => length);
  return known.length === 0 ? name : name.slice(Math.max(...known) + 1);
}

/** A remote's branch, by the name that it has there and where it was last seen (null: it is gone); null for other names. */
export async function trackedBranch(
  repo: Repository,
  name: string,
): Promise<{ readonly branch: string; readonly oid: string | null } | null> {
  if (!name.includes('/')) return null;
  const remotes = (await remoteUrls(repo)).map((remote) => remote.name);
  const branch = withoutRemote(name, remotes);
  return branch === name ? null : { branch, oid: await resolveCommit(repo.root, `refs/remotes/${name}`) };
}
