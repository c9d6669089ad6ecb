import type { Session } from '../agents/session.ts';
import type { Message } from '../board/messages/types.ts';
import { narrate } from './output.ts';

/** Sees to it that somebody watches who types messages to agents that rest: what waits for an agent would else wait on. */
export async function seeToWatch(session: Session, messages: readonly Pick<Message, 'to'>[]): Promise<void> {
  const agents = await session.db.selectFrom('agents').select('name').execute();
  if (!messages.some(({ to }) => agents.some(({ name }) => name === to))) return;
  const { ensureSupervisor } = await import('../supervisor/ensure.ts');
  const { note } = await ensureSupervisor(session);
  if (note !== null) narrate(note);
}
