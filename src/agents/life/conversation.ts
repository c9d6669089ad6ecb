import type { AgentRow } from '../../store/schema.ts';
import { agentCli } from '../clis/index.ts';
import { newestEvents } from '../events.ts';
import { type Session, spoolOf } from '../session.ts';

/**
 * The agent CLI's id of the conversation: the newest that its own hooks told, else the one it was started with. Null
 * before the first prompt where hooks would have told of one: a CLI keeps no conversation in which nothing was said,
 * and refuses to bring it back.
 */
export async function conversationOf(session: Session, row: AgentRow): Promise<string | null> {
  const cli = agentCli(row.cli, session.config);
  let [told, said] = [false, false];
  let newest: string | null = null;
  for await (const { event, payload } of newestEvents(spoolOf(session.repo, row))) {
    const state = cli.events(event, payload);
    if (state === null) continue;
    told = true;
    said ||= state.prompt !== null || state.state !== null;
    newest ??= state.conversation;
    if (said && newest !== null) break;
  }
  return told && !said ? null : (newest ?? row.conversation);
}
