import { exit, UserError } from '../../lib/errors.ts';
import type { AgentRow } from '../../store/schema.ts';
import { ring } from '../bell.ts';
import type { Board } from '../context.ts';
import { postMessage } from '../messages/post.ts';
import type { Participant } from '../participants.ts';
import { assignmentPayload } from './assignment.ts';
import { assignmentText } from './prompt.ts';
import { rowOf } from './read.ts';
import { reassignTask } from './release.ts';
import { tellOfLoss } from './tell.ts';
import { changeTasks } from './transaction.ts';
import type { Task } from './types.ts';

/** Statuses of an agent that has ended: what it is given would go back into the queue at once. */
const OVER: readonly string[] = ['failed', 'exited'];

/**
 * Gives a task to somebody as {@link reassignTask} does, and tells them of it, and who had it; all of that, or nothing.
 * @throws UserError exit 3 or 4 (also when it is an agent that has ended), 6 when the inbox of who is to have it is full
 */
export function giveTask(board: Board, by: Participant, id: string, to: Participant): Promise<Task> {
  return changeTasks(board, async (within) => {
    const before = await rowOf(within, id);
    const agent = await agentOf(within, to);
    if (agent !== undefined && OVER.includes(agent.status)) throw hasEnded(before.id, agent);
    const given = await reassignTask(within, by, id, to);
    if (to.id !== by.id) {
      await postAssignment(within, by, to, { ...given, reason: before.reason });
      ring(within, to.id);
    }
    const how = to.id === by.id ? 'took it' : `gave it to ${to.name}`;
    if (before.claimed_by !== to.id) await tellOfLoss(within, by, before, how);
    return given;
  });
}

/** Puts a task that somebody holds now into their inbox: what it is, and how to report it. */
export async function postAssignment(within: Board, from: Participant, to: Participant, task: Task): Promise<void> {
  const text = await assignmentText(within, task);
  const payload = assignmentPayload(task, await placeOf(within, to));
  await postMessage(within, from, { to: [to], type: 'TASK_ASSIGNMENT', taskId: task.id, text, payload });
}

/** Where an agent works; whoever is none has no place of swarm's. */
async function placeOf(board: Board, to: Participant): Promise<Pick<AgentRow, 'branch' | 'worktree'>> {
  return (await agentOf(board, to)) ?? { branch: null, worktree: null };
}

function agentOf({ db }: Board, { id }: Participant): Promise<AgentRow | undefined> {
  return db.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirst();
}

function hasEnded(task: string, { name, status, reason }: AgentRow): UserError {
  return new UserError({
    code: 'AGENT_ENDED',
    exit: exit.refused,
    message: `${task} can't be given to ${name}: it is ${status}${reason === null ? '' : ` (${reason})`}.`,
    hint: `swarm restart ${name}   (then give it the task)`,
    details: { task, agent: name, status },
  });
}
