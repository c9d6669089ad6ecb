import { exit, UserError } from '../../lib/errors.ts';
import type { RecordedOperation } from '../../store/recorded.ts';
import type { AgentRow } from '../../store/schema.ts';
import { settleInterrupted } from '../deliver/records.ts';
import { agentById } from '../records.ts';
import type { Session } from '../session.ts';
import { repairOperations } from './operations.ts';

type Tell = (line: string) => void;

/**
 * Puts in order what an interrupted call left of this agent, so that the next verb finds it whole. Null: that ended it
 * (an interrupted removal went to its end).
 */
export async function settleAgent(session: Session, row: AgentRow, tell: Tell): Promise<AgentRow | null> {
  await settle(session, ({ agentId }) => agentId === row.id, tell);
  return (await agentById(session.db, row.id)) ?? null;
}

/** The same for verbs that want the agent. @throws UserError exit 3 when that ended it. */
export async function requireSettled(session: Session, row: AgentRow, tell: Tell): Promise<AgentRow> {
  const settled = await settleAgent(session, row, tell);
  if (settled !== null) return settled;
  throw new UserError({
    code: 'NO_SUCH_AGENT',
    exit: exit.notFound,
    message: `${row.name} is gone: what had been interrupted was brought to its end just now.`,
    hint: `swarm restore ${row.name}`,
  });
}

/** Puts in order what interrupted spawns left of these tickets: the same spawn can then be called again. */
export async function settleSpawns(session: Session, tickets: readonly string[], tell: Tell): Promise<void> {
  await settle(session, ({ kind, data }) => kind === 'spawn' && tickets.includes(String(data['ticket'])), tell);
}

async function settle(session: Session, wanted: (recorded: RecordedOperation) => boolean, tell: Tell): Promise<void> {
  const items = await repairOperations(session, false, wanted);
  if (items.length > 0) await settleInterrupted(session.db);
  for (const { what, how } of items) tell(`${what}: ${how}`);
}
