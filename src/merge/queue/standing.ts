import { createHash } from 'node:crypto';
import { agentById } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';
import { branchHolder, localBranch } from '../../git/branches.ts';
import { operationIn } from '../../git/operation.ts';
import { readStatus } from '../../git/status.ts';
import { adminDirOf } from '../../git/worktrees.ts';

/**
 * What decides whether a merge that was refused would be refused again, as a mark to compare: where the agent's branch and
 * the target are, and what lies uncommitted where the target is checked out.
 */
export async function standingOf(session: Session, entry: number): Promise<string> {
  const { db, repo } = session;
  const row = await db.selectFrom('merge_queue').selectAll().where('id', '=', entry).executeTakeFirst();
  const agent = row === undefined ? undefined : await agentById(db, row.agent_id);
  if (row === undefined || agent === undefined) return 'gone';
  const holder = await branchHolder(repo, row.into_branch);
  const admin = holder === null ? null : await adminDirOf(repo, holder);
  const parts = await Promise.all([
    agent.branch === null ? null : localBranch(repo, agent.branch),
    localBranch(repo, row.into_branch),
    holder === null ? null : readStatus(holder).catch(() => null),
    admin === null ? null : operationIn(admin),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([row.updated_at, ...parts]))
    .digest('hex');
}
