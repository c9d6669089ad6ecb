import type { Session } from '../agents/session.ts';
import type { Ref } from '../git/branches.ts';
import { defaultBranch, localBranch, localBranchesLike } from '../git/branches.ts';
import { exit, UserError } from '../lib/errors.ts';
import { nearest, shellWord } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';

/**
 * The local branch that an agent's work goes to: the one asked for, else `merge.into`, else the one that it started from,
 * else the default one.
 * @throws UserError exit 2 when there is no such local branch.
 */
export async function targetOf(
  session: Pick<Session, 'repo' | 'config'>,
  row: AgentRow,
  wanted: string | null,
): Promise<Ref> {
  const said = wanted ?? session.config.merge.into;
  const candidates = said === null ? [row.base, await defaultBranch(session.repo)] : [said];
  for (const name of candidates) {
    const oid = name === null || name === row.branch ? null : await localBranch(session.repo, name);
    if (name !== null && oid !== null) return { name, oid };
  }
  const name = candidates.find((one) => one !== null) ?? 'main';
  const own = name === row.branch;
  const others = (await localBranchesLike(session.repo, '')).filter((branch) => branch !== row.branch);
  // Into itself: perhaps where it would go without a word on it.
  const usual = own ? [row.base, await defaultBranch(session.repo)] : nearest(name, others, 1);
  const into = usual.find((branch) => branch !== null && others.includes(branch));
  const make = own ? 'git branch --list' : `git branch ${shellWord(name)} ${shellWord(`origin/${name}`)}`;
  throw new UserError({
    code: 'NO_SUCH_BRANCH',
    exit: exit.usage,
    message: own
      ? `${name} is ${row.name}'s own branch; it can't be merged into itself.`
      : `There is no local branch '${name}' to merge into.`,
    hint: into ? `swarm merge ${row.name} --into ${shellWord(into)}` : make,
    details: { agent: row.name, into: name },
  });
}
