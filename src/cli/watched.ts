import type { Session } from '../agents/session.ts';
import type { Message } from '../board/messages/types.ts';
import { ensureForMessages, ensureForQueue, ensureForTasks } from '../supervisor/needed.ts';
import { withBoard } from './as.ts';
import { narrate } from './output.ts';

/** Sees to it that somebody watches who tells agents that rest, and the person, what was said. */
export async function seeToWatch(session: Session, messages: readonly Pick<Message, 'to' | 'type'>[]): Promise<void> {
  const note = await ensureForMessages(session, messages);
  if (note !== null) narrate(note);
}

/** Sees to it that somebody watches who gives out what can be begun. */
export async function seeToTasks(session: Session, say: (line: string) => void = narrate): Promise<void> {
  const note = await ensureForTasks(session);
  if (note !== null) say(note);
}

/** Sees to it that somebody watches who works off the merges that wait. */
export async function seeToQueue(session: Session): Promise<void> {
  const note = await ensureForQueue(session);
  if (note !== null) narrate(note);
}

/** {@link withBoard} for what changes tasks: somebody may have one to begin now. */
export const withTasks: typeof withBoard = (flags, work) =>
  withBoard(flags, async (board, me, session) => {
    const result = await work(board, me, session);
    await seeToTasks(session);
    return result;
  });
