import { type FoundRef, readRefs, shortName } from './branches.ts';
import { git } from './git.ts';
import type { Repository } from './repository.ts';

/** A remote that has a branch, and where it is there. */
export interface RemoteBranch {
  readonly remote: string;
  readonly oid: string;
}

/** What a new branch of a name would meet. */
export interface Namesakes {
  /** Where the local branch points; null without one. */
  readonly local: string | null;
  /** Remotes that have it, as last fetched, origin first. */
  readonly remotes: readonly RemoteBranch[];
  /** Local branches in whose way it would stand: `a` stands in the way of `a/b` and `a/b` in that of `a`. */
  readonly inTheWay: readonly string[];
}

/** All that there is around a branch's name, in one question to git. Asks no network. */
export async function namesakes(repo: Repository, name: string): Promise<Namesakes> {
  const found = await readRefs(repo, [...aroundLocal(name), ofAnyRemote(name)]);
  const local = found.find(({ ref }) => ref === `refs/heads/${name}`)?.oid ?? null;
  return { local, remotes: await remotesAmong(repo, name, found), inTheWay: obstaclesAmong(name, found) };
}

/** Only the remotes. */
export async function remoteBranches(repo: Repository, name: string): Promise<RemoteBranch[]> {
  return remotesAmong(repo, name, await readRefs(repo, [ofAnyRemote(name)]));
}

/** Only what is in the way. */
export async function branchesInTheWay(repo: Repository, name: string): Promise<string[]> {
  return obstaclesAmong(name, await readRefs(repo, aroundLocal(name)));
}

/** The branch itself with all below it, and each name on the way to it. */
function aroundLocal(name: string): string[] {
  return [...above(name), `refs/heads/${name}`];
}

function above(name: string): string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_, index) => `refs/heads/${parts.slice(0, index + 1).join('/')}`);
}

/** A remote's name may have slashes, too. */
const ofAnyRemote = (name: string) => `refs/remotes/**/${name}`;

function obstaclesAmong(name: string, found: readonly FoundRef[]): string[] {
  const parents = above(name);
  return found
    .filter(({ ref }) => parents.includes(ref) || ref.startsWith(`refs/heads/${name}/`))
    .map(({ ref }) => shortName(ref));
}

async function remotesAmong(repo: Repository, name: string, found: readonly FoundRef[]): Promise<RemoteBranch[]> {
  const candidates = found.filter(({ ref }) => ref.startsWith('refs/remotes/'));
  if (candidates.length === 0) return [];
  const remotes = (await git(repo.root).run(['remote'])).split('\n').filter((remote) => remote !== '');
  const refs = new Map(remotes.map((remote) => [`refs/remotes/${remote}/${name}`, remote]));
  return candidates
    .flatMap(({ ref, oid }) => {
      const remote = refs.get(ref);
      return remote === undefined ? [] : [{ remote, oid }];
    })
    .sort((a, b) => Number(b.remote === 'origin') - Number(a.remote === 'origin'));
}
