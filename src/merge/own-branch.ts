import type { Session } from '../agents/session.ts';
import { currentBranch } from '../git/branches.ts';
import { operationIn } from '../git/operation.ts';
import { adminDirOf } from '../git/worktrees.ts';
import { exit, UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';

/**
 * The branch that is checked out in an agent's worktree, once it is its own. `so`: what would come of it else.
 * @throws UserError exit 4 in the middle of a merge or rebase, on another branch, and on none.
 */
export async function requireOwnBranch(
  session: Pick<Session, 'repo'>,
  row: AgentRow,
  worktree: string,
  so: string,
): Promise<string> {
  const refuse = (why: string, code = 'NOT_ON_ITS_BRANCH') =>
    new UserError({
      code,
      exit: exit.refused,
      message: `${row.name}'s worktree ${why}: ${so}.`,
      hint: `swarm shell ${row.name}`,
      details: { agent: row.name, branch: row.branch },
    });
  const admin = await adminDirOf(session.repo, worktree);
  const operation = admin === null ? null : await operationIn(admin);
  if (operation !== null) throw refuse(`is in the middle of a ${operation}`, 'IN_PROGRESS');
  const branch = await currentBranch(worktree);
  if (branch === null) throw refuse('has no branch checked out');
  if (row.branch !== null && branch !== row.branch) throw refuse(`has ${branch} checked out, not ${row.branch}`);
  return branch;
}
