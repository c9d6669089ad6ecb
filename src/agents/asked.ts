import { basename } from 'node:path';
import type { AgentRow } from '../store/schema.ts';
import type { PaneFacts } from '../tmux/panes.ts';
import { agentCliToSee } from './clis/index.ts';
import type { AgentCli } from './clis/types.ts';
import { newestEvents } from './events.ts';
import { Memory } from './memory.ts';
import { type Ask, type Asked, askedOf } from './question.ts';
import { startOf } from './records.ts';
import type { Look } from './screen.ts';
import { type Session, spoolOf } from './session.ts';

/** Events at most that are read for what a dialog is about. */
const MOST_ASKS = 40;

/** What a look asks, in the words of the agent's own hooks where these say the same. */
export async function readAsked(
  session: Session,
  row: AgentRow,
  look: Look,
  { activity }: Pick<PaneFacts, 'activity'>,
  memory: Memory = new Memory(),
): Promise<Asked | null> {
  const cli = agentCliToSee(row.cli, session.config);
  const spool = spoolOf(session.repo, row);
  const since = startOf(row);
  const heard = look.waiting?.subject != null && cli.asks !== undefined;
  const asks = heard ? await memory.asks.of(spool, since, () => asksOf(cli, spool, since)) : [];
  return askedOf(look, asks, activity);
}

/** What the hooks since the turn began say the agent is about to do, the newest first. */
async function asksOf(cli: AgentCli, spool: string, since: string): Promise<Ask[]> {
  const asks: Ask[] = [];
  let read = 0;
  for await (const { event, payload, at, file } of newestEvents(spool, since)) {
    const told = cli.events(event, payload);
    // What came before this turn is not asked now.
    if (told?.prompt != null || told?.state === 'idle' || read++ >= MOST_ASKS) break;
    const subject = cli.asks?.(event, payload) ?? null;
    if (subject !== null) asks.push({ subject, id: `${basename(file)} ${at}` });
  }
  return asks;
}
