import type { AgentRow } from '../../store/schema.ts';
import { agentCli } from '../clis/index.ts';
import { readSpool } from '../events.ts';
import { type Session, spoolOf } from '../session.ts';

/**
 * The agent CLI's id of the conversation: the newest that its own hooks told, else the one it was started with. Null
 * before the first prompt where hooks would have told of one: a CLI keeps no conversation in which nothing was said,
 * and refuses to bring it back.
 */
export async function conversationOf(session: Session, row: AgentRow): Promise<string | null> {
  const cli = agentCli(row.cli, session.config);
  const told = (await readSpool(spoolOf(session.repo, row))).flatMap(
    ({ event, payload }) => cli.events(event, payload) ?? [],
  );
  if (told.length > 0 && told.every(({ prompt, state }) => prompt === null && state === null)) return null;
  return told.findLast(({ conversation }) => conversation !== null)?.conversation ?? row.conversation;
}
