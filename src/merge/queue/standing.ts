import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { agentById } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';
import { branchHolders, localBranch } from '../../git/branches.ts';
import { operationIn } from '../../git/operation.ts';
import type { Repository } from '../../git/repository.ts';
import { readStatus } from '../../git/status.ts';
import { adminDirOf } from '../../git/worktrees.ts';
import type { MergeResult } from '../types.ts';

/**
 * What decides whether a merge that was refused would be refused again, as a mark to compare: where the agent's branch and
 * the target are, and what lies uncommitted, or where the merge has files, wherever the target is checked out.
 */
export async function standingOf(session: Session, entry: number): Promise<string> {
  const { db, repo } = session;
  const row = await db.selectFrom('merge_queue').selectAll().where('id', '=', entry).executeTakeFirst();
  const agent = row === undefined ? undefined : await agentById(db, row.agent_id);
  if (row === undefined || agent === undefined) return 'gone';
  const files = row.result === null ? [] : (JSON.parse(row.result) as MergeResult).files;
  const holders = await branchHolders(repo, row.into_branch);
  const parts = await Promise.all([
    agent.branch === null ? null : localBranch(repo, agent.branch),
    localBranch(repo, row.into_branch),
    ...holders.map((holder) => checkoutOf(repo, holder, files)),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([row.updated_at, ...parts]))
    .digest('hex');
}

async function checkoutOf(repo: Repository, holder: string, files: readonly string[]): Promise<readonly unknown[]> {
  const admin = await adminDirOf(repo, holder);
  return Promise.all([
    holder,
    readStatus(holder).catch(() => null),
    admin === null ? null : operationIn(admin),
    // No status names an ignored file.
    ...files.map((file) => markOf(join(holder, file))),
  ]);
}

async function markOf(path: string): Promise<string | null> {
  const info = await lstat(path).catch(() => null);
  return info && `${info.mtimeMs} ${info.size} ${info.mode}`;
}
