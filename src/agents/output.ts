import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { exit, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';
import { textField } from './clis/common.ts';
import { agentCli } from './clis/index.ts';
import { lastSaid, saidOnScreen } from './clis/transcripts.ts';
import { newestEvents } from './events.ts';
import { observe } from './observe.ts';
import { type Session, spoolOf } from './session.ts';

/** An agent's last answer. */
export interface Output {
  readonly agent: string;
  /** Exactly as it was said; from a screen, as it is drawn there. */
  readonly text: string;
  readonly source: 'hook' | 'transcript' | 'screen';
  /** When it was said, ISO 8601; null when that is not known. */
  readonly at: string | null;
}

/** Events at most that are read for an answer: those of a long turn. */
const MOST_EVENTS = 2000;
/** Bytes at the end of a transcript that are read. */
const TAIL = 4 * 1024 * 1024;

/**
 * What the agent said last: by its own hook, else by its CLI's transcript, else by its screen.
 * @throws UserError exit 6 while its first turn runs, exit 3 when it has said nothing that can be found.
 */
export async function outputOf(session: Session, row: AgentRow): Promise<Output> {
  const cli = agentCli(row.cli, session.config);
  const agent = row.name;
  let transcript: string | null = null;
  let read = 0;
  for await (const { event, payload, at } of newestEvents(spoolOf(session.repo, row))) {
    const answer = cli.events(event, payload)?.answer ?? null;
    if (answer !== null) return { agent, text: answer, source: 'hook', at };
    transcript ??= textField(payload, 'transcript_path');
    if (++read >= MOST_EVENTS) break;
  }
  const said = transcript === null ? null : lastSaid(tailOf(transcript));
  if (said !== null) return { agent, source: 'transcript', ...said };
  const [seen] = await observe(session, [row]);
  const text = seen?.screen == null ? null : saidOnScreen(row.cli, seen.screen.lines);
  if (text !== null) return { agent, text, source: 'screen', at: null };
  throw noAnswer(seen?.row ?? row);
}

/** The end of a file, from a whole line on; empty where there is none. */
function tailOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) return '';
  const from = Math.max(0, stats.size - TAIL);
  const buffer = Buffer.alloc(stats.size - from);
  const fd = openSync(file, 'r');
  try {
    const text = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, from)).toString('utf8');
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    closeSync(fd);
  }
}

function noAnswer({ name, status }: AgentRow): UserError {
  const works = status === 'working' || status === 'starting' || status === 'waiting';
  return new UserError({
    code: 'NO_ANSWER',
    exit: works ? exit.undelivered : exit.notFound,
    message: `${name} has not answered anything yet: it is ${status}.`,
    hint: works ? `swarm wait ${shellWord(name)}` : `swarm send ${shellWord(name)} TEXT`,
    details: { agent: name, status },
  });
}
