import { findProgram } from '../agents/clis/program.ts';
import { recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { defaultBranch, isBranchName, resolveCommit } from '../git/branches.ts';
import { git } from '../git/git.ts';
import { type Prediction, predictMerge } from '../git/merge-tree.ts';
import { remoteUrls, withoutRemote } from '../git/pulls.ts';
import { pushCommit, pushRemote } from '../git/push.ts';
import type { Repository } from '../git/repository.ts';
import { exit, UserError } from '../lib/errors.ts';
import { oneLine, shellWord } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';
import { isLoggedOut, loggedOut, runGh } from '../workspace/gh.ts';
import { repositoryOf } from '../workspace/pulls.ts';
import { type PullText, pullText } from './pull-text.ts';
import { readyTip } from './ready.ts';

export interface PullOptions {
  readonly into: string | null;
  readonly remote: string | null;
  readonly title: string | null;
  readonly body: string | null;
  readonly draft: boolean;
  /** Only what is committed, although there is more, or more to come. */
  readonly now: boolean;
}

/** A pull request as it would be opened. Nothing is pushed yet. */
export interface PullPlan extends PullText {
  readonly agent: string;
  readonly branch: string;
  readonly commit: string;
  readonly remote: string;
  /** What gh calls the branch: with its owner where the remote is a fork. */
  readonly head: string;
  /** The branch on the other side that it is to go to. */
  readonly into: string;
  readonly draft: boolean;
}

export interface PullResult extends PullPlan {
  /** `opened`; `updated`: there was one, and it has the new commits; `commands`: gh is missing, nothing was pushed. */
  readonly state: 'opened' | 'updated' | 'commands' | 'planned';
  readonly url: string | null;
  /** The same by hand. */
  readonly commands: readonly string[];
}

/**
 * What a pull request of an agent's work would be: from its commits and tasks.
 * @throws UserError exit 4 when its work isn't ready, 3 when there is none, 2 without a remote and for an empty title.
 */
export async function planPull(session: Session, row: AgentRow, options: PullOptions): Promise<PullPlan> {
  const { repo, config } = session;
  const title = options.title === null ? null : oneLine(options.title);
  if (title === '') throw noTitle(row);
  const tip = await readyTip(session, row, options.now, 'pr');
  const branch = row.branch ?? '';
  const remotes = await remoteUrls(repo);
  const remote = options.remote ?? (await pushRemote(repo, branch));
  if (remote === null || remotes.every(({ name }) => name !== remote)) throw noRemote(row, remote, remotes);
  const wanted = options.into ?? config.merge.into ?? row.base;
  const base = await baseOf(repo, remote, branch, wanted, options.into !== null);
  const start = (await git(repo.root).try(['merge-base', base.oid, tip])).stdout.trim();
  if (start === tip) throw nothingToPropose(row, base.name);
  const text = await pullText(session, row, { base: start === '' ? base.oid : start, tip });
  const { body, draft } = options;
  const head = await headOf(remotes, remote, branch);
  return {
    agent: row.name,
    branch,
    commit: tip,
    remote,
    head,
    into: base.name,
    title: title ?? text.title,
    body: body ?? text.body,
    draft,
  };
}

/** What merging it on the other side would come to, as far as that side is known here. */
export async function foreseePull({ repo }: Pick<Session, 'repo'>, plan: PullPlan): Promise<Prediction> {
  const base = await baseOf(repo, plan.remote, plan.branch, plan.into, true);
  return predictMerge(git(repo.root), base.oid, plan.commit);
}

/** Pushes the branch and opens the pull request; where there is one already, it gets the new commits. Can be run again. */
export async function openPull(session: Session, row: AgentRow, plan: PullPlan): Promise<PullResult> {
  const commands = commandsOf(plan);
  if (findProgram('gh', session.env) === null) return { ...plan, state: 'commands', url: null, commands };
  const said = await pushCommit(session.repo, plan);
  if (said !== null) throw notPushed(row, plan, said);
  const { env, repo } = session;
  const result = await runGh(repo, createArgs(plan, '-'), { env, input: plan.body });
  const url = /https?:\/\/\S+/.exec(result.exitCode === 0 ? result.stdout : result.stderr)?.[0] ?? null;
  const there = result.exitCode !== 0 && /already exists/i.test(result.stderr);
  if (result.exitCode !== 0 && !there) throw notOpened(plan, result.timedOut ? 'no answer in time' : result.stderr);
  await recordEvent(session.db, row.name, 'pr', { url, branch: plan.branch, into: plan.into, tip: plan.commit });
  return { ...plan, state: there ? 'updated' : 'opened', url, commands };
}

/** The same by hand, to copy. */
export function commandsOf(plan: PullPlan): string[] {
  const push = ['git', 'push', plan.remote, `${plan.commit}:refs/heads/${plan.branch}`];
  const create = ['gh', ...createArgs(plan, null)];
  return [push, create].map((argv) => argv.map(shellWord).join(' '));
}

function createArgs({ head, into, title, body, draft }: PullPlan, file: string | null): string[] {
  const text = file === null ? [`--body=${body}`] : ['--body-file', file];
  return ['pr', 'create', '--head', head, '--base', into, `--title=${title}`, ...text, ...(draft ? ['--draft'] : [])];
}

/** The branch on the remote: the one asked for, else the first of these that the remote is known to have. */
async function baseOf(
  repo: Repository,
  remote: string,
  own: string,
  wanted: string | null,
  asked: boolean,
): Promise<{ readonly name: string; readonly oid: string }> {
  const candidates = asked ? [wanted] : [wanted, await defaultBranch(repo)];
  for (const one of candidates) {
    const name = one === null ? null : withoutRemote(one, [remote]);
    if (name === null || name === own || !(await isBranchName(repo, name))) continue;
    const there = await resolveCommit(repo.root, `refs/remotes/${remote}/${name}`);
    // Asked for by name: what only the other side knows is theirs to judge.
    const oid = there ?? (await resolveCommit(repo.root, `refs/heads/${name}`));
    if (oid !== null) return { name, oid };
  }
  throw new UserError({
    code: 'NO_SUCH_BRANCH',
    exit: exit.usage,
    message: `There is no branch '${wanted ?? 'main'}' that a pull request could go to.`,
    hint: `git fetch ${remote}`,
    details: { remote, into: wanted },
  });
}

async function headOf(
  remotes: readonly { readonly name: string; readonly url: string }[],
  remote: string,
  branch: string,
): Promise<string> {
  const repositories = new Set(remotes.map(({ url }) => repositoryOf(url)));
  const mine = repositoryOf(remotes.find(({ name }) => name === remote)?.url ?? '');
  const owner = mine.split('/').at(-2);
  return repositories.size > 1 && owner ? `${owner}:${branch}` : branch;
}

function noRemote(row: AgentRow, remote: string | null, remotes: readonly { readonly name: string }[]): UserError {
  const names = remotes.map(({ name }) => name);
  const hint = names[0] === undefined ? 'git remote add origin URL' : `swarm pr ${row.name} --remote ${names[0]}`;
  return new UserError({
    code: 'NO_REMOTE',
    exit: exit.usage,
    message: remote === null ? 'There is no remote to push to.' : `There is no remote '${remote}'.`,
    hint,
    details: { remote, remotes: names },
  });
}

function noTitle({ name }: AgentRow): UserError {
  return new UserError({
    code: 'NO_TITLE',
    exit: exit.usage,
    message: 'The title is empty. Without -t it is that of the task, or of the commits.',
    hint: `swarm pr ${name}`,
    details: { agent: name },
  });
}

function nothingToPropose({ name }: AgentRow, into: string): UserError {
  return new UserError({
    code: 'NOTHING_TO_PROPOSE',
    exit: exit.notFound,
    message: `${name} has no commit that ${into} lacks.`,
    hint: `swarm diff ${name}`,
    details: { agent: name, into },
  });
}

function notPushed(row: AgentRow, { remote, branch }: PullPlan, said: string): UserError {
  const behind = /non-fast-forward|fetch first|\[rejected\]/.test(said);
  return new UserError({
    code: 'NOT_PUSHED',
    exit: behind ? exit.refused : exit.failed,
    message: `git did not push ${branch} to ${remote}: ${said}`,
    hint: behind
      ? `git push --force-with-lease ${remote} ${shellWord(branch)}`
      : `git push ${remote} ${shellWord(branch)}`,
    details: { agent: row.name, remote, branch },
  });
}

function notOpened(plan: PullPlan, stderr: string): UserError {
  const reason = oneLine(stderr, 300) || 'it said nothing';
  const what = `${plan.branch} is pushed to ${plan.remote}, and gh opened no pull request`;
  const details = { agent: plan.agent, stderr: reason };
  if (isLoggedOut(reason)) return loggedOut(what, details);
  const hint = commandsOf(plan)[1] ?? null;
  return new UserError({ code: 'GH_FAILED', exit: exit.failed, message: `${what}: ${reason}`, hint, details });
}
