import type { SessionDb } from '../store/open.ts';
import type { AgentRow } from '../store/schema.ts';
import { agentById, optionsOf, recordEvent, updateAgent } from './records.ts';

/**
 * Whether a person has taken this agent over: until it is handed back nothing is typed to it that waits in a queue, it is
 * given no task, and no rule answers for it. What the person types or sends themselves goes through as ever.
 */
export function isTakenOver(row: AgentRow): boolean {
  return optionsOf(row).takenOver;
}

/** Takes an agent over, or hands it back. Answers whether that was a change. */
export function setTakenOver(db: SessionDb, agentId: string, takenOver: boolean): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const row = await agentById(tx, agentId);
    if (row === undefined || isTakenOver(row) === takenOver) return false;
    await updateAgent(tx, agentId, { options: JSON.stringify({ ...optionsOf(row), takenOver }) });
    await recordEvent(tx, row.name, takenOver ? 'taken-over' : 'handed-back');
    return true;
  });
}
