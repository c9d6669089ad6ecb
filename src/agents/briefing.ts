import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Briefing, gatherBriefing, isNews, renderBriefing } from '../board/briefing.ts';
import { boardOf } from '../board/context.ts';
import { peekInbox } from '../board/messages/inbox.ts';
import { postMessage } from '../board/messages/post.ts';
import { enter, PERSON, participantOfAgent } from '../board/participants.ts';
import { resolveParticipant } from '../board/roster.ts';
import { UserError } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import type { AgentRow } from '../store/schema.ts';
import type { AgentCli } from './clis/types.ts';
import { agentFolder, type Session } from './session.ts';

/** Where an agent finds what it should know: SWARM_BRIEFING says so in its environment. */
export function briefingFile({ repo }: Pick<Session, 'repo'>, agent: { readonly name: string }): string {
  return join(agentFolder(repo, agent), 'briefing.md');
}

/** Writes what an agent that is about to start should know. */
export async function writeBriefing(session: Session, row: AgentRow): Promise<Briefing> {
  const me = participantOfAgent(row);
  const briefing = await gatherBriefing(boardOf(session), me);
  mkdirSync(agentFolder(session.repo, row), { recursive: true, mode: 0o700 });
  writeFileSync(briefingFile(session, row), renderBriefing(me, briefing), { mode: 0o600 });
  return briefing;
}

/**
 * Puts that into its inbox, where its CLI has no MCP by which to learn it at its start, and takes prompts of several
 * lines. Not where there is nothing to tell, nor on top of one that it has not seen yet.
 */
export async function postBriefing(session: Session, row: AgentRow, cli: AgentCli, briefing: Briefing): Promise<void> {
  if (cli.mcp || cli.paste !== 'bracketed' || !isNews(briefing)) return;
  const board = boardOf(session);
  const me = await enter(board, participantOfAgent(row));
  const unread = await peekInbox(board, me, { types: ['CONTEXT_UPDATE'] });
  if (unread.some(({ payload }) => payload['briefing'] === true)) return;
  try {
    const leader = await resolveParticipant(board, 'leader');
    await postMessage(board, leader.id === me.id ? PERSON : leader, {
      to: [me],
      type: 'CONTEXT_UPDATE',
      payload: { briefing: true, file: briefingFile(session, row) },
      text: renderBriefing(me, briefing),
    });
  } catch (error) {
    // A full inbox has enough to say.
    if (!(error instanceof UserError)) throw error;
    log('debug', `${row.name} was not briefed: ${error.message}`);
  }
}
