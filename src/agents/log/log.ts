import { formerNames, type LogEvent, lastEventId, readEvents } from '../../board/log.ts';
import type { AgentRow } from '../../store/schema.ts';
import { allAgents } from '../records.ts';
import { resolveAgent } from '../resolve.ts';
import type { Session } from '../session.ts';
import { catchUp } from '../tools/catch-up.ts';
import { lastToolCalls } from '../tools/read.ts';
import type { ToolRecord } from '../tools/record.ts';

/** An event of the session, or (without an id) one of an agent's tool calls. */
export type LogLine = Omit<LogEvent, 'id'> & { readonly id: number | null };

export interface LogOptions {
  /** Only of this agent, or of whoever bears or bore that name; null for all. */
  readonly agent: string | null;
  /** ISO 8601. */
  readonly since: string | null;
  readonly types: readonly string[] | null;
  /** Tool calls, too. */
  readonly tools: boolean;
  /** The last so many. */
  readonly most: number;
}

/** What was asked for, with the agent's name looked up. */
export interface LogQuery extends LogOptions {
  /** Null for all. */
  readonly names: readonly string[] | null;
}

/** Looks up whose events are meant. @throws UserError exit 3 when nobody has or had that name. */
export async function logQuery(session: Session, options: LogOptions): Promise<LogQuery> {
  if (options.agent === null) return { ...options, names: null };
  const word = options.agent;
  try {
    const { name } = await resolveAgent(session.db, word, { prefix: true });
    return { ...options, names: await formerNames(session.db, name) };
  } catch (error) {
    // Somebody who was removed, or takes part without being an agent.
    const [known] = await readEvents(session.db, { names: [word], most: 1 });
    if (known !== undefined) return { ...options, names: [word] };
    throw error;
  }
}

/** The history as it is now, the oldest first, and the id of its last event. */
export async function readLog(
  session: Session,
  query: LogQuery,
): Promise<{ readonly events: readonly LogLine[]; readonly last: number }> {
  const last = await lastEventId(session.db);
  const events: LogLine[] = await readEvents(session.db, query);
  if (query.tools) {
    const agents = await agentsIn(session, query);
    await catchUp(session, agents);
    for (const agent of agents) {
      const calls = lastToolCalls(session, agent, query.most, query.since).map((record) => toolEntry(agent, record));
      events.push(...calls.filter((line) => isWanted(line, query)));
    }
  }
  return { events: inOrder(events).slice(-query.most), last };
}

/** The agents whose tool calls are meant. */
export async function agentsIn({ db }: Session, { names }: LogQuery): Promise<AgentRow[]> {
  const agents = await allAgents(db);
  return names === null ? agents : agents.filter(({ name }) => names.includes(name));
}

export function toolEntry({ name }: AgentRow, record: ToolRecord): LogLine {
  return { id: null, at: record.timestamp, agent: name, type: record.event, data: { ...record } };
}

/** Whether a tool call is of a type that is asked for. */
export function isWanted({ type }: LogLine, { types }: LogQuery): boolean {
  return types === null || types.includes(type);
}

export function inOrder(lines: readonly LogLine[]): LogLine[] {
  return lines.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
