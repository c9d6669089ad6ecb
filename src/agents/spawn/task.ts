import { boardOf } from '../../board/context.ts';
import { enter, participantOfAgent } from '../../board/participants.ts';
import { claimTask } from '../../board/tasks/claim.ts';
import { taskPrompt } from '../../board/tasks/prompt.ts';
import { readTask } from '../../board/tasks/read.ts';
import { exit, UserError } from '../../lib/errors.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { Session } from '../session.ts';
import type { SpawnRequest } from './request.ts';

/**
 * What a spawn for a task asks for: the task names the ticket, and its prompt is made of it; what the person says comes
 * after that.
 * @throws UserError exit 3 when there is no such task, 4 when it can't be begun now.
 */
export async function forTask(session: Session, request: SpawnRequest, word: string): Promise<SpawnRequest> {
  const board = boardOf(session);
  const task = await readTask(board, word);
  if (task.status !== 'available') {
    const by = task.claimedBy === null ? '' : ` by ${task.claimedBy}`;
    throw taken(task.id, `it is ${task.status}${by}${task.reason === null ? '' : `: ${task.reason}`}`);
  }
  const about = await taskPrompt(board, task);
  return {
    ...request,
    task: task.id,
    tickets: request.tickets.length > 0 ? request.tickets : [task.id],
    ticketText: request.ticketText && request.tickets.length > 0,
    prompt: request.prompt === null ? about : `${about}\n\n${request.prompt}`,
  };
}

/** Claims the task for the agent that is being made for it. @throws UserError exit 4 when somebody was quicker. */
export async function claimFor(session: Session, row: AgentRow, id: string): Promise<void> {
  const board = boardOf(session);
  const me = await enter(board, participantOfAgent(row));
  const { task, reason } = await claimTask(board, me, { id });
  if (task === null) throw taken(id, reason);
}

function taken(id: string, why: string): UserError {
  return new UserError({
    code: 'TASK_TAKEN',
    exit: exit.refused,
    message: `No agent can be made for ${id}: ${why}.`,
    hint: `swarm task show ${id}`,
    details: { task: id },
  });
}
