import { createHash } from 'node:crypto';
import { exit, UserError } from '../lib/errors.ts';
import { ancestorsOf, isAlive } from '../process/identity.ts';
import type { SessionDb } from '../store/open.ts';
import type { AgentRow } from '../store/schema.ts';

/*
 * What shows that a caller is the agent that its environment names. The name alone shows nothing: whatever runs in an
 * agent's name (hooks, `swarm exec`, a gate) has it, and any process can set it.
 */

/** What of a token is kept. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Keeps by what an agent's process is known from now on; its earlier token is worth nothing any more. */
export async function rememberTokenHash(db: SessionDb, agentId: string, hash: string): Promise<void> {
  const values = { agent_id: agentId, hash };
  await db
    .insertInto('tokens')
    .values(values)
    .onConflict((conflict) => conflict.column('agent_id').doUpdateSet(values))
    .execute();
}

/** The agent whose latest start gave this token to its process. */
export function agentByToken(db: SessionDb, token: string): Promise<AgentRow | undefined> {
  return db
    .selectFrom('agents')
    .innerJoin('tokens', 'tokens.agent_id', 'agents.id')
    .selectAll('agents')
    .where('tokens.hash', '=', tokenHash(token))
    .executeTakeFirst();
}

/**
 * The agent that an environment names, as far as its token doesn't speak against that. Undefined: there is no such agent.
 * A renamed agent's process goes on under its former name.
 * @throws UserError exit 4 for a token that is another's or nobody's.
 */
export async function namedAgent(db: SessionDb, name: string, token: string | null): Promise<AgentRow | undefined> {
  const named = await db.selectFrom('agents').selectAll().where('name', '=', name).executeTakeFirst();
  if (token === null) return named;
  const own = await agentByToken(db, token);
  if (named === undefined || named.id === own?.id) return own;
  throw new UserError({
    code: 'BAD_TOKEN',
    exit: exit.refused,
    message: `The environment says '${name}' (SWARM_AGENT), and its SWARM_TOKEN is ${own === undefined ? "not that of an agent's latest start" : `${own.name}'s`}.`,
    hint:
      own === undefined ? `swarm restart ${name}` : `In ${own.name}'s window, leave SWARM_AGENT as swarm has set it.`,
    details: { agent: name },
  });
}

/** Whether this process descends from the agent's own: some agent CLIs keep names like TOKEN from the commands that they run. */
export async function descendsFrom({ pid, pid_start: start }: AgentRow): Promise<boolean> {
  return pid !== null && (await ancestorsOf(process.pid)).includes(pid) && isAlive({ pid, start });
}
