import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../lib/poll.ts';
import type { AgentRow } from '../store/schema.ts';
import type { PaneFacts } from '../tmux/panes.ts';
import { trustedDialogs } from './consent.ts';
import { recordDelivery } from './deliver/records.ts';
import { see } from './deliver/sight.ts';
import { type Answered, answerTrust } from './deliver/trust.ts';
import { deliverTo } from './deliver-to.ts';
import { newestEvents } from './events.ts';
import { type Observation, observe } from './observe.ts';
import { optionsOf, recordEvent, updateAgent } from './records.ts';
import { agentFolder, type Session, spoolOf } from './session.ts';
import type { Started } from './start.ts';
import type { Delivery } from './types.ts';

/** Puts the first prompt on disk before anything can lose it. */
export async function keepPrompt(session: Session, row: AgentRow, prompt: string | null): Promise<AgentRow> {
  if (prompt === null) return row;
  const folder = join(agentFolder(session.repo, row), 'prompts');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const promptFile = join(folder, 'first.txt');
  writeFileSync(promptFile, prompt, { mode: 0o600 });
  return updateAgent(session.db, row.id, { options: JSON.stringify({ ...optionsOf(row), promptFile }) });
}

/** Sees the first prompt through: proves one that went as an argument, types any other. `timeout` in milliseconds. */
export function firstPrompt(session: Session, started: Started, prompt: string, timeout: number): Promise<Delivery> {
  if (started.promptTaken) return proveArgument(session, started, timeout);
  return deliverTo(session, started.row, { text: prompt, timeout, mode: 'when-idle', raw: false });
}

type Outcome = Pick<Delivery, 'state' | 'evidence' | 'reason'>;

/** Milliseconds of an empty input box after which a CLI without hooks has been through its first turn. */
const RESTS = 3000;

/** An argument can't be lost or typed twice; what has to be seen is that the CLI has taken it up. */
async function proveArgument(session: Session, started: Started, timeout: number): Promise<Delivery> {
  const begin = performance.now();
  let last: Observation | undefined;
  let readySince: number | null = null;
  const answers = (await trustedDialogs(session)) === 'accept';
  const answered = new Map<string, number>();
  const outcome = await poll<Outcome>(
    async () => {
      [last] = await observe(session, [started.row]);
      if (last?.pane == null || last.pane.dead) {
        return { state: 'failed', evidence: null, reason: `${started.cli.title} ended before it took its prompt` };
      }
      if (answers && last.look?.waiting != null) await answerFor(session, started, last.pane, answered);
      if (await hookTookPrompt(session, started)) return { state: 'delivered', evidence: 'hook', reason: null };
      if (last.look?.state === 'busy') return { state: 'delivered', evidence: 'argument', reason: null };
      if (last.look?.state !== 'ready') readySince = null;
      else readySince ??= performance.now();
      // The turn may have ended between two looks; the CLI had the argument from its first moment.
      const rests = readySince !== null && performance.now() - readySince > RESTS;
      return rests ? { state: 'delivered', evidence: 'argument', reason: null } : null;
    },
    { timeout, every: 40 },
  );
  const ms = Math.round(performance.now() - begin);
  const known = { agent: started.row.name, message: randomUUID(), attempts: 1, ms, changes: started.promptChanges };
  const delivery: Delivery = { ...known, ...(outcome ?? unproven(last)) };
  await recordDelivery(session.db, started.row.id, delivery, optionsOf(started.row).promptFile);
  await recordEvent(session.db, started.row.name, 'delivery', { ...delivery });
  return delivery;
}

/** The question that its prompt waits behind, where the config says how to answer it. */
async function answerFor(
  { db, repo, tmux }: Session,
  { cli, row }: Started,
  { pane, pid }: PaneFacts,
  answered: Answered,
): Promise<void> {
  const asking = { db, tmux, cli, pane, pid, agentId: row.id, agentName: row.name, agentDir: agentFolder(repo, row) };
  const seen = await see(asking);
  if (seen !== null) await answerTrust(asking, seen, answered);
}

async function hookTookPrompt(session: Session, started: Started): Promise<boolean> {
  const since = optionsOf(started.row).startedAt ?? '';
  for await (const { event, payload } of newestEvents(spoolOf(session.repo, started.row), since)) {
    if ((started.cli.events(event, payload)?.prompt ?? null) !== null) return true;
  }
  return false;
}

function unproven(last: Observation | undefined): Outcome {
  const asked = last?.look?.waiting ?? null;
  const argument = "it is among the CLI's arguments";
  if (asked !== null) return { state: 'queued', evidence: null, reason: `${argument} and waits behind: ${asked.text}` };
  return { state: 'unknown', evidence: null, reason: `${argument}, and nothing seen shows that it was taken up` };
}
