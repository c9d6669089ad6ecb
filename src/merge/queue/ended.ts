import { agentById } from '../../agents/records.ts';
import { repairOperations } from '../../agents/repair/operations.ts';
import type { Session } from '../../agents/session.ts';
import { localBranch } from '../../git/branches.ts';
import { isMerged } from '../../git/merged.ts';
import { doneOperations } from '../../store/recorded.ts';
import type { MergeResult } from '../types.ts';
import type { QueueRow } from './entries.ts';
import type { EntryPatch } from './settle.ts';

/**
 * How a merge has ended already: in a turn that was killed (what that left is brought to its end first), or without one,
 * because somebody merged or removed its agent. Null: it is still to be merged.
 */
export async function endedAlready(session: Session, entry: QueueRow): Promise<EntryPatch | null> {
  const { agent_id: id } = entry;
  await repairOperations(session, false, ({ agentId }) => agentId === id);
  if ((await agentById(session.db, id)) === undefined) return endWithoutAgent(session, entry);
  // An agent that is there may have new work, unless it was this very turn that brought it home.
  const landed = entry.state === 'running' ? await landedSince(session, entry, entry.updated_at) : null;
  return landed === null ? null : asMerged(landed.result);
}

/** The end of a merge whose agent is gone: its work is in, whoever brought it there, or it went with the agent. */
export async function endWithoutAgent(session: Session, entry: QueueRow): Promise<EntryPatch> {
  const landed = await landedSince(session, entry, entry.created_at);
  const tip = await lastTip(session, entry.agent_id);
  const asItWas = landed !== null && (tip === null || landed.tip === tip);
  if (landed !== null && asItWas) return asMerged(landed.result);
  const target = await localBranch(session.repo, entry.into_branch);
  // A commit that is gone from the repository is in no branch.
  const isIn = tip !== null && target !== null && (await isMerged(session.repo, tip, [target]).catch(() => false));
  return isIn ? { state: 'merged', reason: 'its work is in' } : { state: 'returned', reason: 'its agent is gone' };
}

const asMerged = (result: MergeResult): EntryPatch => ({
  state: 'merged',
  reason: result.reason,
  result: JSON.stringify(result),
});

/** The last merge of the entry's agent into its target that came to its end since then. */
async function landedSince(
  { db }: Session,
  { agent_id: agentId, into_branch: into }: QueueRow,
  since: string,
): Promise<{ readonly result: MergeResult; readonly tip: unknown } | null> {
  const merges = await doneOperations(db, 'merge', agentId);
  const last = merges.findLast(({ data, createdAt }) => data['into'] === into && createdAt >= since);
  const result = last?.data['result'] as MergeResult | undefined;
  return result === undefined ? null : { result, tip: last?.data['tip'] };
}

/** Where an agent's branch stood when it was removed. */
async function lastTip({ db }: Session, agentId: string): Promise<string | null> {
  const removal = (await doneOperations(db, 'rm', agentId)).at(-1);
  return (removal?.data['expectedTip'] as string | null | undefined) ?? null;
}
