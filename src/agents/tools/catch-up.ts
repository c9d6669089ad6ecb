import { holdFileLock } from '../../process/file-lock.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { Session } from '../session.ts';
import { recorderLock, recordToolCalls } from './recorder.ts';

/** Records the tool calls of these agents, where no supervisor does. */
export async function catchUp(session: Session, agents: readonly AgentRow[]): Promise<void> {
  const lock = await holdFileLock(recorderLock(session));
  if (!lock.held) return;
  try {
    for (const agent of agents) await recordToolCalls(session, agent);
  } finally {
    await lock.release();
  }
}
