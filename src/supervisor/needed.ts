import { allAgents } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { takesTasks } from '../agents/takes-tasks.ts';
import type { Message } from '../board/messages/types.ts';
import { PERSON } from '../board/participants.ts';
import { OPEN_MERGES } from '../store/schema.ts';
import type { Caller, Ensured } from './ensure.ts';

/*
 * What a command leaves to a supervisor, and that there is one for it. Each answers a line for people, of what was done or
 * why nothing was; null when there is nothing to say.
 */

/** Messages: who rests has them typed, and the person is told of a question. */
export async function ensureForMessages(
  session: Session,
  messages: readonly (Pick<Message, 'to'> & Partial<Pick<Message, 'type'>>)[],
  caller: Caller = 'terminal',
): Promise<string | null> {
  const agents = await session.db.selectFrom('agents').select('name').execute();
  const isNeeded = messages.some(
    ({ to, type }) => (to === PERSON.name && type === 'QUESTION') || agents.some(({ name }) => name === to),
  );
  return isNeeded ? ensure(session, caller) : null;
}

/** Messages about tasks that agents hear by themselves: of the end of one, and that one is theirs, or not any more. */
const OF_TASKS = ['TASK_COMPLETE', 'ERROR', 'TASK_ASSIGNMENT', 'CONTEXT_UPDATE'] as const;

/** Tasks: one that can be begun is given to an agent that takes such, and agents are told what became of theirs. */
export async function ensureForTasks(session: Session, caller: Caller = 'terminal'): Promise<string | null> {
  const { db } = session;
  const agents = await allAgents(db);
  if (agents.length === 0) return null;
  const ready = db.selectFrom('tasks').select('id').where('status', '=', 'available').limit(1);
  if (agents.some(takesTasks) && (await ready.executeTakeFirst()) !== undefined) return ensure(session, caller);
  const ids = agents.map(({ id }) => id);
  const told = db.selectFrom('messages').select('id').where('state', '=', 'queued').where('to_id', 'in', ids);
  const news = told.where('type', 'in', OF_TASKS).where('task_id', 'is not', null).limit(1);
  return (await news.executeTakeFirst()) === undefined ? null : ensure(session, caller);
}

/** Merges that wait: they have their turns, and whoever is to do something for them is told. */
export async function ensureForQueue(session: Session): Promise<string | null> {
  const waiting = session.db.selectFrom('merge_queue').select('id').where('state', 'in', OPEN_MERGES).limit(1);
  if ((await waiting.executeTakeFirst()) === undefined) return null;
  const { supervised, note } = await ensured(session, 'terminal');
  const alone = 'no agent runs, so no supervisor keeps watch; swarm queue run merges what waits';
  return note ?? (supervised ? null : alone);
}

const ensure = async (session: Session, caller: Caller) => (await ensured(session, caller)).note;

/** What starts one is loaded only where one is needed. */
async function ensured(session: Session, caller: Caller): Promise<Ensured> {
  const { ensureSupervisor } = await import('./ensure.ts');
  return ensureSupervisor(session, caller);
}
