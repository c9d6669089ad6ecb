import { exit, UserError } from '../../lib/errors.ts';
import { poll } from '../../lib/poll.ts';
import { withLease } from '../../store/leases.ts';
import type { AgentRow } from '../../store/schema.ts';
import { isTyped } from '../deliver/records.ts';
import { agentById } from '../records.ts';
import type { Session } from '../session.ts';

/** Milliseconds that another swarm gets to finish with the agent: most of what it may be at takes less. */
const PATIENCE = 3000;
/** Milliseconds that a prompt gets which is being typed: longer than it takes to see it taken in. */
const TYPING = 15_000;

type Who = Pick<AgentRow, 'id' | 'name'>;

/**
 * Runs `work` while no other swarm starts, ends, moves or removes the agent. Two that did would each see it as it was
 * before the other: two windows for one agent, a worktree moved away under a hook.
 * @throws UserError exit 4 when another one is at it and does not finish soon.
 */
export async function holdTurn<T>(session: Session, agent: Who, work: () => Promise<T>): Promise<T> {
  const lease = `life:${agent.id}`;
  try {
    return await withLease(session.db, lease, PATIENCE, work);
  } catch (error) {
    const taken = error instanceof UserError && error.code === 'BUSY' && error.details['lease'] === lease;
    throw taken ? await busy(session, agent, error.details['pid']) : error;
  }
}

/**
 * The same with the agent as it is when its turn comes. With `ends`, a prompt that is just being typed is let through
 * first: cut off in the middle, nobody could say whether it arrived.
 * @throws UserError exit 3 when the agent was removed meanwhile, exit 4 as {@link holdTurn}.
 */
export function withTurn<T>(
  session: Session,
  agent: Who,
  { ends }: { readonly ends: boolean },
  work: (row: AgentRow) => Promise<T>,
): Promise<T> {
  return holdTurn(session, agent, async () => {
    const row = await agentById(session.db, agent.id);
    if (row === undefined) throw gone(agent);
    if (ends && !(await letTyped(session, row))) throw typing(row);
    return work(row);
  });
}

async function letTyped(session: Session, { id }: AgentRow): Promise<boolean> {
  const through = async () => ((await isTyped(session.db, id)) ? null : true);
  return (await poll(through, { timeout: TYPING, every: 50 })) === true;
}

async function busy(session: Session, { id, name }: Who, pid: unknown): Promise<UserError> {
  const operation = await session.db
    .selectFrom('operations')
    .select('kind')
    .where('agent_id', '=', id)
    .where('finished_at', 'is', null)
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
  const what = operation === undefined ? '' : ` (${operation.kind})`;
  return new UserError({
    code: 'AGENT_BUSY',
    exit: exit.refused,
    message: `Another swarm (process ${pid ?? 'unknown'}) is at ${name} right now${what}. Nothing was done.`,
    hint: `Wait for it, then see: swarm status ${name}`,
    details: { agent: name, pid: pid ?? null, operation: operation?.kind ?? null },
  });
}

function typing({ name }: AgentRow): UserError {
  return new UserError({
    code: 'AGENT_BUSY',
    exit: exit.refused,
    message: `A prompt is being typed into ${name} right now. Nothing was done.`,
    hint: `Wait for it, then see: swarm status ${name}`,
    details: { agent: name, pid: null, operation: 'send' },
  });
}

function gone({ name }: Who): UserError {
  return new UserError({
    code: 'NO_SUCH_AGENT',
    exit: exit.notFound,
    message: `${name} was removed meanwhile.`,
    hint: `swarm restore ${name}`,
  });
}
