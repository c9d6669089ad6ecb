import { allAgents } from '../agents/records.ts';
import { statusNow, writesNothing } from '../agents/rest.ts';
import type { Session } from '../agents/session.ts';
import { branchHolder } from '../git/branches.ts';
import { exit, UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';

/**
 * Refuses to move a branch that an agent at work has checked out: its files would change under it. One that leads wants
 * the work there.
 * @throws UserError exit 4 naming that agent.
 */
export async function requireTargetAtRest(session: Session, row: AgentRow, into: string): Promise<void> {
  const holder = await branchHolder(session.repo, into);
  if (holder === null) return;
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
