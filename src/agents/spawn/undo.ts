import { rmSync } from 'node:fs';
import { boardOf } from '../../board/context.ts';
import { releaseAllOf } from '../../board/tasks/lease.ts';
import { listWorktrees } from '../../git/worktrees.ts';
import type { RecordedOperation } from '../../store/journal.ts';
import { freePorts } from '../../workspace/ports.ts';
import { type Kept, undoWorktree, type WorktreePlan } from '../../workspace/worktree.ts';
import { agentById, recordEvent, setStatus } from '../records.ts';
import { agentFolder, type Session } from '../session.ts';
import { gitLock } from './ground.ts';

export interface Undone {
  /** What stayed because it may be somebody's work. */
  readonly kept: readonly Kept[];
  /** The agent that stays with its worktree; null when it is gone. */
  readonly agent: string | null;
}

/**
 * Takes back a spawn that did not reach its hooks: worktree and branch (never work), ports, the agent's folder and row.
 * A worktree that holds work keeps its agent, marked failed, so that nothing is without an owner. Can be run again.
 */
export async function undoSpawn(
  session: Session,
  spawn: Pick<RecordedOperation, 'id' | 'agentId' | 'data'>,
): Promise<Undone> {
  const agentId = spawn.agentId ?? '';
  const plan = spawn.data['plan'] as WorktreePlan | undefined;
  const kept =
    plan === undefined ? [] : await undoWorktree(session.repo, plan, { operation: spawn.id, lock: gitLock(session) });
  const row = await agentById(session.db, agentId);
  const work = kept.find(({ what }) => what === 'worktree');
  if (row !== undefined && work !== undefined && (await isWorktree(session, work.name))) {
    const reason = `its spawn did not come to its end, and its worktree holds work: ${work.reason}`;
    await setStatus(session.db, row, { status: 'failed', reason, source: 'swarm' });
    return { kept, agent: row.name };
  }
  await releaseAllOf(boardOf(session), agentId, `${row?.name ?? 'its agent'} could not be made`);
  await freePorts(await session.userDb(), agentId);
  if (row === undefined) return { kept, agent: null };
  rmSync(agentFolder(session.repo, row), { recursive: true, force: true });
  await session.db.deleteFrom('agents').where('id', '=', agentId).execute();
  await recordEvent(session.db, row.name, 'spawn-undone', { ticket: row.ticket, kept });
  return { kept, agent: null };
}

async function isWorktree(session: Session, path: string): Promise<boolean> {
  return (await listWorktrees(session.repo)).some((entry) => entry.path === path && !entry.prunable);
}
