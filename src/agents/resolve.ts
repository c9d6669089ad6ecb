import { exit, UserError } from '../lib/errors.ts';
import { nearest } from '../lib/text.ts';
import type { SessionDb } from '../store/open.ts';
import type { AgentRow } from '../store/schema.ts';
import { allAgents } from './records.ts';

export interface ResolveOptions {
  /** Whether the beginning of a name will do, or `-`; `rm` and `stop` want names in full. */
  readonly prefix: boolean;
}

/** Key in `meta` under which the agent that was attached last is remembered (`-`). */
export const LAST_ATTACHED = 'last-attached';

/**
 * The agents a word names: exact name, then number, then exact ticket (perhaps several), then unique prefix; `-` is the
 * one attached last.
 * @throws UserError (exit 3) naming the candidates when there is none, or when a prefix fits several.
 */
export async function resolveAgents(db: SessionDb, word: string, options: ResolveOptions): Promise<AgentRow[]> {
  const agents = await allAgents(db);
  const exact = agents.filter((agent) => agent.name === word);
  if (exact.length > 0) return exact;
  if (word === '-' && options.prefix) return lastAttached(db, agents);
  const numbered = agents.filter((agent) => agent.number !== null && String(agent.number) === word);
  if (numbered.length > 0) return numbered;
  const ticketed = agents.filter((agent) => agent.ticket === word);
  if (ticketed.length > 0) return ticketed;
  const prefixed = options.prefix && word !== '' ? agents.filter((agent) => fits(agent, word)) : [];
  if (prefixed.length === 1) return prefixed;
  throw prefixed.length > 1 ? ambiguous(word, prefixed) : unknownAgent(word, agents);
}

/** Like {@link resolveAgents} for a command that takes one: a ticket that several hold is ambiguous. */
export async function resolveAgent(db: SessionDb, word: string, options: ResolveOptions): Promise<AgentRow> {
  const [agent, ...others] = await resolveAgents(db, word, options);
  if (agent === undefined || others.length > 0) throw ambiguous(word, agent === undefined ? [] : [agent, ...others]);
  return agent;
}

const fits = (agent: AgentRow, word: string) =>
  agent.name.startsWith(word) || (agent.ticket?.startsWith(word) ?? false);

async function lastAttached(db: SessionDb, agents: readonly AgentRow[]): Promise<AgentRow[]> {
  const last = await db.selectFrom('meta').select('value').where('key', '=', LAST_ATTACHED).executeTakeFirst();
  const agent = agents.find(({ id }) => id === last?.value);
  if (agent) return [agent];
  throw new UserError({
    code: 'NO_LAST_AGENT',
    exit: exit.notFound,
    message: "'-' is the agent attached last, and there is none yet.",
    hint: `swarm attach ${agents[0]?.name ?? 'worker-1'}`,
  });
}

function ambiguous(word: string, candidates: readonly AgentRow[]): UserError {
  const names = candidates.map(({ name }) => name);
  return new UserError({
    code: 'AMBIGUOUS_AGENT',
    exit: exit.notFound,
    message: `'${word}' may mean any of: ${names.join(', ')}.`,
    hint: `Name one of them in full, for example: ${names[0] ?? ''}`,
    details: { candidates: names },
  });
}

function unknownAgent(word: string, agents: readonly AgentRow[]): UserError {
  const names = agents.map(({ name }) => name);
  const close = nearest(word, [...names, ...agents.flatMap(({ ticket }) => ticket ?? [])], 1);
  const there = names.length === 0 ? 'There are no agents yet.' : `There are: ${names.join(', ')}.`;
  return new UserError({
    code: 'NO_SUCH_AGENT',
    exit: exit.notFound,
    message: `There is no agent '${word}'. ${there}`,
    hint: names.length === 0 ? 'swarm spawn TICKET' : close[0] ? `Perhaps you mean: ${close[0]}` : 'swarm ls',
    details: { candidates: names },
  });
}
