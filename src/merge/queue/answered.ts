import type { Session } from '../../agents/session.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { MergeResult } from '../types.ts';
import { openEntry } from './entries.ts';
import { settle } from './settle.ts';

/**
 * A merge by name is the yes to what its agent asked for: left open, that would stand in the queue as if it waited, and
 * the agent's next request would be taken for it.
 */
export async function answerRequest(session: Session, row: AgentRow, result: MergeResult): Promise<void> {
  if (result.state !== 'merged' && result.state !== 'nothing') return;
  const open = await openEntry(session.db, row, result.into);
  if (open?.state === 'requested') await settle(session, open, { state: 'merged', result: JSON.stringify(result) });
}
