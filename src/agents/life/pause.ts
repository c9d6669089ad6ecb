import { exit, UserError } from '../../lib/errors.ts';
import { beginOperation, type Operation } from '../../store/journal.ts';
import type { AgentRow } from '../../store/schema.ts';
import { agentById, recordEvent, setStatus, updateAgent } from '../records.ts';
import type { Session } from '../session.ts';
import { closeWindow } from '../tmux-session.ts';
import { conversationOf } from './conversation.ts';
import { whileEnding } from './ending.ts';
import { endProcess } from './stop.ts';
import { withTurn } from './turn.ts';

/** Frees the window; worktree, branch, ports and conversation stay. */
export function pauseAgent(session: Session, agent: AgentRow): Promise<AgentRow> {
  return withTurn(session, agent, { ends: true }, (row) => pauseInTurn(session, row));
}

/** {@link pauseAgent} for who has the agent's turn already, and has seen that no prompt is being typed. */
export async function pauseInTurn(session: Session, row: AgentRow): Promise<AgentRow> {
  if (row.status === 'paused') {
    throw new UserError({
      code: 'PAUSED_ALREADY',
      exit: exit.refused,
      message: `${row.name} is paused already.`,
      hint: `swarm resume ${row.name}`,
    });
  }
  const operation = await beginOperation(session.db, 'pause', row.id, { agent: row.name });
  try {
    return await finishPause(session, row.id, operation);
  } catch (error) {
    await operation.finish('failed');
    throw error;
  }
}

/** The steps of a pause. Each can be run again: a repair calls this for a pause that was cut short. */
export function finishPause(session: Session, agentId: string, operation: Operation): Promise<AgentRow> {
  return whileEnding(session, { id: agentId }, () => pauseBySteps(session, agentId, operation));
}

async function pauseBySteps(session: Session, agentId: string, operation: Operation): Promise<AgentRow> {
  let row = await mustHave(session, agentId);
  const conversation = await operation.step('conversation', () => conversationOf(session, row));
  row = await updateAgent(session.db, row.id, { conversation });
  await operation.step('process', () => endProcess(row));
  await operation.step('window', async () => {
    await closeWindow(session, row);
  });
  row = await operation.step('record', async () => {
    const freed = await updateAgent(session.db, row.id, {
      tmux_window: null,
      tmux_pane: null,
      pid: null,
      pid_start: null,
    });
    await recordEvent(session.db, row.name, 'paused', { conversation });
    return setStatus(session.db, freed, { status: 'paused', reason: 'paused by swarm pause', source: 'swarm' });
  });
  await operation.finish('done');
  return row;
}

async function mustHave(session: Session, agentId: string): Promise<AgentRow> {
  const row = await agentById(session.db, agentId);
  if (row) return row;
  throw new UserError({
    code: 'NO_SUCH_AGENT',
    exit: exit.notFound,
    message: 'The agent was removed meanwhile.',
    hint: 'swarm ls',
  });
}
