import type { Message } from '../board/messages/types.ts';
import type { Call } from './call.ts';

/**
 * Sees to it that somebody watches who types messages to agents that rest. A line for who sent them, where nobody does:
 * empty when there is nothing to say.
 */
export async function seeToWatch({ session }: Call, messages: readonly Pick<Message, 'to'>[]): Promise<string> {
  const agents = await session.db.selectFrom('agents').select('name').execute();
  if (!messages.some(({ to }) => agents.some(({ name }) => name === to))) return '';
  const { ensureSupervisor } = await import('../supervisor/ensure.ts');
  const { note } = await ensureSupervisor(session);
  return note === null ? '' : `\n(${note})`;
}
