import { rmSync } from 'node:fs';
import type { RecordedOperation } from '../../store/journal.ts';
import { freePorts } from '../../workspace/ports.ts';
import { type Kept, undoWorktree, type WorktreePlan } from '../../workspace/worktree.ts';
import { agentById, recordEvent } from '../records.ts';
import { agentFolder, type Session } from '../session.ts';
import { gitLock } from './ground.ts';

/**
 * Takes back a spawn that did not reach its hooks: worktree and branch (never work), ports, the agent's folder and row.
 * Can be run again. Answers what stayed because it may be somebody's work.
 */
export async function undoSpawn(
  session: Session,
  spawn: Pick<RecordedOperation, 'id' | 'agentId' | 'data'>,
): Promise<Kept[]> {
  const agentId = spawn.agentId ?? '';
  const plan = spawn.data['plan'] as WorktreePlan | undefined;
  const kept =
    plan === undefined ? [] : await undoWorktree(session.repo, plan, { operation: spawn.id, lock: gitLock(session) });
  await freePorts(await session.userDb(), agentId);
  const row = await agentById(session.db, agentId);
  if (row === undefined) return kept;
  rmSync(agentFolder(session.repo, row), { recursive: true, force: true });
  await session.db.deleteFrom('agents').where('id', '=', agentId).execute();
  await recordEvent(session.db, row.name, 'spawn-undone', { ticket: row.ticket, kept });
  return kept;
}
