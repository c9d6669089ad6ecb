import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { crashPoint } from '../../lib/crash.ts';
import type { AgentRow } from '../../store/schema.ts';
import { toolEvent } from '../clis/tool-events.ts';
import { markRecorded, readEvent, type SpoolEntry, spoolEntries } from '../events.ts';
import { agentFolder, type Session, spoolOf } from '../session.ts';
import { glimpse } from './glimpse.ts';
import { type OpenCall, recordOf, type ToolRecord } from './record.ts';

/*
 * An agent's tool calls, from the files that its hooks drop into its spool to lines of its tool_calls.jsonl: each exactly
 * once, though this process may be killed anywhere. Lines are appended; then a small file beside says how long the log is
 * and from which hooks' files its last lines came; then those files are marked as recorded. Who comes next cuts off lines
 * that were not vouched for, and marks the files whose lines were.
 */

/** Bytes of a log after which another one is begun, and how many earlier ones are kept. */
const MOST_BYTES = 8 * 1024 * 1024;
export const KEPT = 3;
/** Hooks' files that become lines at a time. */
const BATCH = 200;

interface Position {
  /** Bytes of the log that are vouched for. */
  readonly size: number;
  /** The hooks' files whose lines came last. */
  readonly batch: readonly string[];
  readonly open: readonly OpenCall[];
}

type Recorded = Pick<AgentRow, 'name' | 'role' | 'branch' | 'worktree'>;

/** Where an agent's tool calls are: `tool_calls.jsonl`, and `tool_calls.1.jsonl` and so on for earlier ones. */
export function toolCallsFile({ repo }: Pick<Session, 'repo'>, agent: { readonly name: string }, age = 0): string {
  return join(agentFolder(repo, agent), age === 0 ? 'tool_calls.jsonl' : `tool_calls.${age}.jsonl`);
}

/** Records what an agent's hooks have told since the last time. One process at a time ({@link recorderLock}). */
export async function recordToolCalls(session: Pick<Session, 'repo'>, agent: Recorded): Promise<ToolRecord[]> {
  const spool = spoolOf(session.repo, agent);
  const found = await spoolEntries(spool);
  const news = found.filter((entry) => !entry.recorded);
  if (news.length === 0) return [];
  const file = toolCallsFile(session, agent);
  const records: ToolRecord[] = [];
  let position = settle(file, news);
  const left = news.filter((entry) => !position.batch.includes(keyOf(entry)));
  for (let from = 0; from < left.length; from += BATCH) {
    if (position.size > MOST_BYTES) position = rotate(session, agent, position);
    const batch = left.slice(from, from + BATCH);
    const lines: ToolRecord[] = [];
    let { open } = position;
    for (const entry of batch) {
      const event = await readEvent(entry);
      const told = event === null ? null : toolEvent(event.event, event.payload ?? glimpse(entry));
      if (event === null || told === null) continue;
      const next = recordOf(agent, event, told, open);
      lines.push(next.record);
      open = next.open;
    }
    position = append(file, position.size, lines, { batch: batch.map(keyOf), open });
    for (const entry of batch) markRecorded(entry.file);
    records.push(...lines);
  }
  return records;
}

/** The lock of whoever records: the supervisor while it runs. */
export function recorderLock({ repo }: Pick<Session, 'repo'>): string {
  return join(repo.stateDir, 'tool-calls');
}

const keyOf = ({ file, mtimeNs }: SpoolEntry) => `${basename(file)} ${mtimeNs}`;
const positionFile = (file: string) => `${file}.position`;

/** Brings log and spool to where the last position says they are. */
function settle(file: string, news: readonly SpoolEntry[]): Position {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const known = readPosition(file);
  // Without a position nothing is known to be unfinished.
  if (known === null) return { size, batch: [], open: [] };
  if (size > known.size) truncateSync(file, known.size);
  for (const entry of news) if (known.batch.includes(keyOf(entry))) markRecorded(entry.file);
  return { ...known, size: Math.min(size, known.size) };
}

function append(
  file: string,
  size: number,
  records: readonly ToolRecord[],
  rest: Pick<Position, 'batch' | 'open'>,
): Position {
  const bytes = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const fd = openSync(file, 'a', 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
  } finally {
    closeSync(fd);
  }
  crashPoint('tools:append:effect');
  const position: Position = { size: size + bytes.length, ...rest };
  writePosition(file, position);
  crashPoint('tools:position:effect');
  return position;
}

/** The log becomes an earlier one, and the earliest goes. */
function rotate(session: Pick<Session, 'repo'>, agent: Recorded, position: Position): Position {
  for (let age = KEPT; age > 0; age--) {
    const younger = toolCallsFile(session, agent, age - 1);
    if (statSync(younger, { throwIfNoEntry: false })) renameSync(younger, toolCallsFile(session, agent, age));
  }
  const next = { ...position, size: 0 };
  writePosition(toolCallsFile(session, agent), next);
  return next;
}

function readPosition(file: string): Position | null {
  try {
    const { size, batch, open } = JSON.parse(readFileSync(positionFile(file), 'utf8'));
    return { size: Number(size), batch, open };
  } catch {
    return null;
  }
}

/** In one step: half of it would vouch for nothing. */
function writePosition(file: string, position: Position): void {
  const draft = `${positionFile(file)}.new`;
  writeFileSync(draft, JSON.stringify(position), { mode: 0o600 });
  renameSync(draft, positionFile(file));
}
