import { allAgents } from '../agents/records.ts';
import { statusNow, writesNothing } from '../agents/rest.ts';
import type { Session } from '../agents/session.ts';
import { branchHolders } from '../git/branches.ts';
import { isGone } from '../git/worktrees.ts';
import { exit, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';

/**
 * Refuses to move a branch that an agent at work has checked out: its files would change under it. One that leads wants
 * the work there. Refused, too, where git takes it for checked out in a folder that is gone: git would not move it there.
 * @throws UserError exit 4 naming that agent, or the folder.
 */
export async function requireTargetAtRest(session: Session, row: AgentRow, into: string): Promise<void> {
  const holders = await branchHolders(session.repo, into);
  for (const holder of holders) if (await isGone(holder)) throw holderGone(session, row, into, holder);
  const [holder] = holders;
  if (holder === undefined) return;
  const there = (await allAgents(session.db)).find(({ worktree, role }) => worktree === holder && role !== 'leader');
  if (there === undefined) return;
  const status = await statusNow(session, there);
  if (writesNothing(status)) return;
  throw new UserError({
    code: 'AGENT_WORKING',
    exit: exit.refused,
    message: `${there.name} has ${into} checked out and is ${status}: files would change under it. Nothing was merged.`,
    hint: `swarm wait ${there.name}`,
    details: { agent: row.name, into, holder: there.name, status },
  });
}

function holderGone({ repo }: Session, row: AgentRow, into: string, holder: string): UserError {
  return new UserError({
    code: 'CHECKOUT_GONE',
    exit: exit.refused,
    message: `git has ${into} checked out in ${holder}, and that folder is gone. Nothing was merged.`,
    hint: `git -C ${shellWord(repo.root)} worktree prune`,
    details: { agent: row.name, into, holder },
  });
}
