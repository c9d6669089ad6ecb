import type { Session } from '../agents/session.ts';
import type { Ref } from '../git/branches.ts';
import { defaultBranch, isBranchName, localBranch, localBranchesLike } from '../git/branches.ts';
import { remoteBranches } from '../git/namesakes.ts';
import { trackedBranch } from '../git/pulls.ts';
import type { Repository } from '../git/repository.ts';
import { exit, UserError } from '../lib/errors.ts';
import { nearest, shellWord } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';

/**
 * The local branch that an agent's work goes to: the one asked for, else `merge.into`, else the one that it started from,
 * by its own name where that was a remote's (`origin/release`), else the default one. `command`: what asks, to be typed
 * again with a branch that there is.
 * @throws UserError exit 2 when there is no such local branch.
 */
export async function targetOf(
  session: Pick<Session, 'repo' | 'config'>,
  row: AgentRow,
  wanted: string | null,
  command = `swarm merge ${row.name}`,
): Promise<Ref> {
  const { repo, config } = session;
  const said = wanted ?? config.merge.into;
  if (said !== null) {
    // `main~1` would be looked up like a branch, and no branch can be moved by that name.
    const found = (await isBranchName(repo, said)) ? await branchFor(repo, row, said) : null;
    if (found !== null) return found;
    throw await noTarget(repo, row, said, command);
  }
  const started = row.base === null ? null : await startOf(repo, row, row.base, command);
  if (started !== null) return started;
  const usual = await defaultBranch(repo);
  const found = usual === null ? null : await branchFor(repo, row, usual);
  if (found !== null) return found;
  throw await noTarget(repo, row, row.base ?? usual ?? 'main', command);
}

async function branchFor(repo: Repository, row: AgentRow, name: string): Promise<Ref | null> {
  const oid = name === row.branch ? null : await localBranch(repo, name);
  return oid === null ? null : { name, oid };
}

/**
 * The branch that work started from; null where that was a commit, a tag, its own branch, or a branch that is gone.
 * @throws UserError for a remote's branch that has no local one: in another branch its commits would come along.
 */
async function startOf(repo: Repository, row: AgentRow, base: string, command: string): Promise<Ref | null> {
  const local = await branchFor(repo, row, base);
  if (local !== null) return local;
  const tracked = await trackedBranch(repo, base);
  if (tracked === null || tracked.branch === row.branch) return null;
  const found = await branchFor(repo, row, tracked.branch);
  if (found === null && tracked.oid !== null) throw await noTarget(repo, row, tracked.branch, command);
  return found;
}

async function noTarget(repo: Repository, row: AgentRow, name: string, command: string): Promise<UserError> {
  const own = name === row.branch;
  return new UserError({
    code: 'NO_SUCH_BRANCH',
    exit: exit.usage,
    message: own
      ? `${name} is ${row.name}'s own branch; it can't be merged into itself.`
      : `There is no local branch '${name}' to merge into.`,
    hint: await wayOut(repo, row, name, command),
    details: { agent: row.name, into: name },
  });
}

async function wayOut(repo: Repository, row: AgentRow, name: string, command: string): Promise<string> {
  const others = (await localBranchesLike(repo, '')).filter((branch) => branch !== row.branch);
  const into = (branch: string) => `${command} --into ${shellWord(branch)}`;
  const first = (names: readonly (string | null)[]) => names.find((one) => one !== null && others.includes(one));
  if (name === row.branch) {
    // Into itself: perhaps where it would go without a word on it.
    const usual = first([row.base, await defaultBranch(repo)]);
    return usual ? into(usual) : 'git branch --list';
  }
  const branch = (await trackedBranch(repo, name))?.branch ?? name;
  if (others.includes(branch)) return into(branch);
  const [there] = await remoteBranches(repo, branch);
  if (there !== undefined) return `git branch ${shellWord(branch)} ${shellWord(`${there.remote}/${branch}`)}`;
  const near = first([...nearest(name, others, 1), await defaultBranch(repo)]);
  return near ? into(near) : 'git branch --list';
}
