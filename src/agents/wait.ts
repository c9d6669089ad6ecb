import { exit, UserError } from '../lib/errors.ts';
import { poll } from '../lib/poll.ts';
import type { AgentRow } from '../store/schema.ts';
import { connected } from './connection.ts';
import { Memory } from './memory.ts';
import { observe } from './observe.ts';
import type { Session } from './session.ts';
import type { AgentStatus } from './types.ts';

/** What `swarm wait --for` takes, and the statuses that satisfy each. */
const SATISFIED: Readonly<Record<string, readonly AgentStatus[]>> = {
  idle: ['idle', 'done'],
  done: ['done'],
  waiting: ['waiting'],
  exited: ['exited', 'failed'],
};

export const WAITABLE: readonly string[] = Object.keys(SATISFIED);

export interface WaitOptions {
  readonly for: readonly string[];
  /** Any agent will do; else all must be there at the same time. */
  readonly any: boolean;
  /** Milliseconds; null waits for ever. */
  readonly timeout: number | null;
}

/**
 * Waits until the agents are where they are wanted; answers with their rows.
 * @throws UserError exit 6 when the time is up, exit 1 when an agent died that was wanted alive.
 */
export async function waitFor(session: Session, rows: readonly AgentRow[], options: WaitOptions): Promise<AgentRow[]> {
  const wanted = new Set(options.for.flatMap((word) => SATISFIED[word] ?? []));
  let last: readonly AgentRow[] = rows;
  const connection = connected(session);
  const memory = new Memory();
  const reached = await poll(
    async () => {
      last = (await observe(connection.session, rows, memory)).map(({ row }) => row);
      const removed = rows.find(({ id }) => !last.some((row) => row.id === id));
      if (removed) throw gone(removed);
      const there = last.filter(({ status }) => wanted.has(status as AgentStatus));
      if (options.any ? there.length > 0 : there.length === last.length) return last;
      const over = last.filter(({ status }) => isOver(status as AgentStatus) && !wanted.has(status as AgentStatus));
      const hopeless = options.any ? over.length === last.length : over.length > 0;
      if (hopeless && over[0]) throw died(over[0], options.for);
      return null;
    },
    { timeout: options.timeout ?? Number.POSITIVE_INFINITY, every: 100 },
  ).finally(connection.close);
  if (reached !== null) return [...reached];
  const states = last.map(({ name, status }) => `${name} is ${status}`).join(', ');
  throw new UserError({
    code: 'TIMED_OUT',
    exit: exit.undelivered,
    message: `Waited for ${options.for.join(' or ')}, and ${states}.`,
    hint: `swarm status ${last[0]?.name ?? ''} --explain`,
    details: { agents: last.map(({ name, status, reason }) => ({ name, status, reason })) },
  });
}

/** Nothing happens to it any more by itself: whoever waits for something else would wait for ever. */
function isOver(status: AgentStatus): boolean {
  return status === 'failed' || status === 'exited' || status === 'paused';
}

function gone(row: AgentRow): UserError {
  return new UserError({
    code: 'AGENT_REMOVED',
    exit: exit.failed,
    message: `${row.name} was removed while it was waited for.`,
    hint: `swarm restore ${row.name}`,
    details: { agent: row.name },
  });
}

function died(row: AgentRow, wanted: readonly string[]): UserError {
  return new UserError({
    code: 'AGENT_DIED',
    exit: exit.failed,
    message: `${row.name} is ${row.status} (${row.reason ?? 'no reason known'}) and won't become ${wanted.join(' or ')}.`,
    hint: row.status === 'paused' ? `swarm resume ${row.name}` : `swarm capture ${row.name}`,
    details: { agent: row.name, status: row.status, reason: row.reason },
  });
}
