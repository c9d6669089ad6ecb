import { isBranchName, resolveCommit } from '../git/branches.ts';
import { fetchPull, knownBranch, remoteUrls } from '../git/pulls.ts';
import type { Repository } from '../git/repository.ts';
import { exit, UserError } from '../lib/errors.ts';
import { oneLine } from '../lib/text.ts';
import { isLoggedOut, loggedOut, runGh } from './gh.ts';

/** A pull request's head, ready for a worktree. */
export interface PullHead {
  readonly number: number;
  readonly title: string;
  /** `OPEN`, `MERGED` or `CLOSED`, as gh says it. */
  readonly state: string;
  /** Name of the head's branch, in whichever repository that is. */
  readonly branch: string;
  readonly oid: string;
  /** In another repository than the base: its branch can't be tracked here. */
  readonly fork: boolean;
  readonly upstream: { readonly remote: string; readonly branch: string } | null;
  /** What it is compared with; null: the default branch. */
  readonly base: string | null;
}

const FIELDS = ['headRefName', 'headRefOid', 'baseRefName', 'isCrossRepository', 'title', 'state', 'url'] as const;

/**
 * Asks gh for a pull request and fetches its head; with `fetch: false` nothing is fetched and nothing changes.
 * @throws UserError exit 5 without gh or without a login, exit 3 when there is no such pull request.
 */
export async function findPull(
  repo: Repository,
  number: number,
  how: { readonly env: NodeJS.ProcessEnv; readonly fetch: boolean },
): Promise<PullHead> {
  const said = await askGh(repo, number, how.env);
  for (const name of [said.headRefName, said.baseRefName]) await requireBranch(repo, name, number);
  const remote = await remoteOf(repo, said.url);
  const head = said.isCrossRepository ? null : said.headRefName;
  const { headIsThere } = how.fetch
    ? await fetchPull(repo, { remote, number, head, base: said.baseRefName })
    : { headIsThere: head !== null };
  if (how.fetch && (await resolveCommit(repo.root, said.headRefOid)) === null) throw moved(number, said.headRefOid);
  return {
    number,
    title: oneLine(said.title, 80),
    state: said.state,
    branch: said.headRefName,
    oid: said.headRefOid,
    fork: said.isCrossRepository,
    upstream: headIsThere ? { remote, branch: said.headRefName } : null,
    base: await knownBranch(repo, remote, said.baseRefName),
  };
}

interface Said extends Record<Exclude<(typeof FIELDS)[number], 'isCrossRepository'>, string> {
  readonly isCrossRepository: boolean;
}

async function askGh(repo: Repository, number: number, env: NodeJS.ProcessEnv): Promise<Said> {
  const result = await runGh(repo, ['pr', 'view', String(number), '--json', FIELDS.join(',')], { env });
  if (result.exitCode !== 0) throw ghFailed(number, result.timedOut ? 'no answer in time' : result.stderr);
  const said = parse(result.stdout);
  if (said !== null) return said;
  throw ghFailed(number, `an answer that is not understood: ${oneLine(result.stdout, 100)}`);
}

function parse(text: string): Said | null {
  try {
    const said: Said = JSON.parse(text);
    const texts = FIELDS.every((name) => typeof said[name] === (name === 'isCrossRepository' ? 'boolean' : 'string'));
    return texts && /^[0-9a-f]{40,64}$/.test(said.headRefOid) ? said : null;
  } catch {
    return null;
  }
}

/** Names come from whoever opened the pull request: only what git takes for a branch goes into a refspec. */
async function requireBranch(repo: Repository, name: string, number: number): Promise<void> {
  if (await isBranchName(repo, name)) return;
  throw ghFailed(number, `a branch that git does not take: '${oneLine(name, 60)}'`);
}

/** The remote whose address is that of the pull request's repository, else origin, else the only one. */
async function remoteOf(repo: Repository, pull: string): Promise<string> {
  const remotes = await remoteUrls(repo);
  const wanted = repositoryOf(pull.replace(/\/pull\/\d+.*$/, ''));
  const same = remotes.find(({ url }) => repositoryOf(url) === wanted);
  const chosen =
    same ?? remotes.find(({ name }) => name === 'origin') ?? (remotes.length === 1 ? remotes[0] : undefined);
  if (chosen) return chosen.name;
  throw new UserError({
    code: 'NO_REMOTE',
    exit: exit.usage,
    message: `No remote of this repository is the pull request's (${pull}).`,
    hint: `git remote add origin ${pull.replace(/\/pull\/\d+.*$/, '.git')}`,
    details: { url: pull, remotes },
  });
}

/** `host/owner/name` of an address in any of the forms that git takes. */
export function repositoryOf(url: string): string {
  return url
    .replace(/^\w[\w+.-]*:\/\//, '')
    .replace(/^[^@/]*@/, '')
    .replace(/^([^/:]+):(?:\d+\/)?/, '$1/')
    .replace(/(?:\.git)?\/*$/, '')
    .toLowerCase();
}

function ghFailed(number: number, stderr: string): UserError {
  const reason = oneLine(stderr, 300);
  const details = { number, stderr: reason };
  if (isLoggedOut(reason)) return loggedOut(`gh can't ask for pull request ${number}`, details);
  if (/could not resolve to a pullrequest|no pull requests? found/i.test(reason)) {
    const message = `There is no pull request ${number} here: ${reason}`;
    return new UserError({ code: 'NO_SUCH_PULL_REQUEST', exit: exit.notFound, message, hint: 'gh pr list', details });
  }
  const message = `gh could not say what pull request ${number} is: ${reason || 'it said nothing'}`;
  return new UserError({ code: 'GH_FAILED', exit: exit.failed, message, hint: `gh pr view ${number}`, details });
}

function moved(number: number, oid: string): UserError {
  return new UserError({
    code: 'PULL_REQUEST_MOVED',
    exit: exit.failed,
    message: `Pull request ${number} was replaced while it was fetched: its head is no longer ${oid.slice(0, 10)}.`,
    hint: `swarm spawn --pr ${number}`,
    details: { number, oid },
  });
}
