import { oneLine } from '../../lib/text.ts';
import type { TaskRow } from '../../store/board-schema.ts';
import { ring } from '../bell.ts';
import type { Board } from '../context.ts';
import { withRoom } from '../messages/limits.ts';
import { postNotice } from '../messages/post.ts';
import { type Participant, PERSON, participantOfAgent } from '../participants.ts';
import { listParticipants } from '../roster.ts';
import type { Task, TaskResult } from './types.ts';

/** How a task ended. */
export type End = { readonly task: string } & (
  | { readonly done: TaskResult }
  | { readonly failed: string; readonly at: string }
);

/** Characters of a report that are told: all of it is with the task. */
const MOST = 2000;
/** Statuses of an agent that reads nothing before somebody brings it back. */
const AWAY: readonly string[] = ['paused', 'exited', 'failed'];

/**
 * Tells who leads, and the parent of who did it, that a task has ended: never who ended it, and nobody whose inbox is full,
 * since the board shows it anyway. The person sees what is done when they look; a failure is told them where no agent that
 * leads would hear of it.
 * @returns ids of those who were told: their bells are to be rung.
 */
export async function tellOfEnd(within: Board, by: Participant, end: End): Promise<string[]> {
  const agents = await within.db.selectFrom('agents').selectAll().execute();
  const parent = agents.find(({ id }) => id === by.id)?.parent ?? null;
  const leads = agents.filter(({ id, name, role }) => role === 'leader' || id === parent || name === parent);
  const others = leads.filter(({ id }) => id !== by.id);
  const noticed = 'done' in end || others.some(({ status }) => !AWAY.includes(status));
  const to = [...others.map(participantOfAgent), ...(noticed || by.id === PERSON.id ? [] : [PERSON])];
  const able = await withRoom(within, to);
  if (able.length > 0) await postNotice(within, by, able, { taskId: end.task, ...wordsOf(by, end) });
  return able.map(({ id }) => id);
}

/** Characters of a reason that are told. */
const REASON = 300;

/**
 * Tells who had a task, as it was read before it was taken from them by another, that it is not theirs any more: they would
 * work on. The person sees it on the board.
 */
export async function tellOfLoss(
  within: Board,
  by: Participant,
  { id: taskId, status, claimed_by: former }: TaskRow,
  how: string,
  reason: string | null = null,
): Promise<void> {
  if (status !== 'claimed' || former === null || former === by.id) return;
  const why = reason?.trim() ? ` (${oneLine(reason, REASON)})` : '';
  const text = `${taskId} is not yours any more: ${by.name} ${how}${why}. Leave it, and keep what you have done of it.`;
  await tellHolder(within, by, former, taskId, text);
}

/** Tells who works on a task that another asks for something else now: they read it when they took it. */
export async function tellOfEdit(
  within: Board,
  by: Participant,
  { id, claimed_by: holder }: TaskRow,
  before: Task,
  after: Task,
): Promise<void> {
  if (after.status !== 'claimed' || holder === null || holder === by.id) return;
  const parts = [
    ['what to do', before.description, after.description],
    ['hints', before.context.hints, after.context.hints],
    ['files', before.context.files.join(), after.context.files.join()],
    ['scope', before.scope.join(), after.scope.join()],
  ] as const;
  const changed = parts.filter(([, was, is]) => was !== is).map(([part]) => part);
  if (changed.length === 0) return;
  const text = `${id}, which you hold, was changed by ${by.name} (${changed.join(', ')}): swarm task show ${id} (or list_tasks). It says now: ${cut(after.description)}`;
  await tellHolder(within, by, holder, id, text);
}

async function tellHolder(within: Board, by: Participant, holder: string, taskId: string, text: string): Promise<void> {
  const here = (await listParticipants(within)).filter((one) => one.id === holder && one.kind !== 'person');
  const able = await withRoom(within, here);
  if (able.length === 0) return;
  await postNotice(within, by, able, { type: 'CONTEXT_UPDATE', taskId, text });
  ring(within, ...able.map(({ id }) => id));
}

function wordsOf({ name: by }: Participant, end: End) {
  const { task: taskId } = end;
  if ('done' in end) {
    const summary = cut(end.done.summary);
    const payload = { ...end.done, taskId, summary };
    return { type: 'TASK_COMPLETE', text: `${taskId} is done: ${summary}`, payload } as const;
  }
  const error = cut(end.failed);
  return { type: 'ERROR', text: `${taskId} has failed: ${error}`, payload: { taskId, error, by, at: end.at } } as const;
}

function cut(text: string): string {
  const points = Array.from(text.trim());
  return points.length <= MOST ? text.trim() : `${points.slice(0, MOST - 1).join('')}…`;
}
