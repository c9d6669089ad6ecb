import type { Message } from '../board/messages/types.ts';
import { ensureForMessages, ensureForTasks } from '../supervisor/needed.ts';
import type { Call } from './call.ts';

/**
 * Sees to it that somebody watches who tells agents that rest, and the person, what was said. A line for who said it,
 * where nobody does: empty when there is nothing to say.
 */
export async function seeToWatch(
  { session }: Call,
  messages: readonly (Pick<Message, 'to'> & Partial<Pick<Message, 'type'>>)[],
): Promise<string> {
  return line(await ensureForMessages(session, messages, 'mcp'));
}

/** The same for what changed tasks: somebody may have one to begin now. */
export async function seeToWork({ session }: Call): Promise<string> {
  return line(await ensureForTasks(session, 'mcp'));
}

const line = (note: string | null) => (note === null ? '' : `\n(${note})`);
