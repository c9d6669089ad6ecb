import type { AgentRow } from '../../store/schema.ts';
import { agentCli } from '../clis/index.ts';
import { readSpool } from '../events.ts';
import { type Session, spoolOf } from '../session.ts';

/** The agent CLI's id of the conversation: the newest that its own hooks told, else the one it was started with. */
export async function conversationOf(session: Session, row: AgentRow): Promise<string | null> {
  const cli = agentCli(row.cli, session.config);
  const events = await readSpool(spoolOf(session.repo, row));
  for (const { event, payload } of events.reverse()) {
    const told = cli.events(event, payload)?.conversation ?? null;
    if (told !== null) return told;
  }
  return row.conversation;
}
