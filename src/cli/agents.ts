import { Args, Flags } from '@oclif/core';
import { mergedAgents } from '../agents/life/remove-many.ts';
import { allAgents } from '../agents/records.ts';
import { resolveAgent, resolveAgents } from '../agents/resolve.ts';
import { type Session, withSession } from '../agents/session.ts';
import { exit, UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';

/** The argument of a command that takes one agent. */
export const agentArg = Args.string({ required: true, description: 'Name, number or ticket of an agent.' });

export const allFlag = Flags.boolean({ description: 'All agents.' });

/** Runs a service with one agent of the session around `cwd`. */
export function withAgent<T>(
  cwd: string,
  word: string,
  work: (session: Session, row: AgentRow) => Promise<T>,
): Promise<T> {
  return withSession(cwd, async (session) => work(session, await resolveAgent(session.db, word, { prefix: true })));
}

/** Like {@link withAgent}, for verbs that end or remove: names in full only. */
export function withExactAgent<T>(
  cwd: string,
  word: string,
  work: (session: Session, row: AgentRow) => Promise<T>,
): Promise<T> {
  return withSession(cwd, async (session) => work(session, await resolveAgent(session.db, word, { prefix: false })));
}

/** The agents that the words name, each once; every agent with `all`. */
export async function pickAgents(
  session: Session,
  words: readonly string[],
  options: { readonly all: boolean; readonly prefix: boolean; readonly several: boolean },
): Promise<AgentRow[]> {
  if (options.all) return allAgents(session.db);
  if (words.length === 0) {
    throw new UserError({
      code: 'NO_AGENT_NAMED',
      exit: exit.usage,
      message: 'No agent is named. Expected names, numbers or tickets, or --all.',
      hint: 'swarm ls',
    });
  }
  const picked = new Map<string, AgentRow>();
  for (const word of words) {
    const found = options.several
      ? await resolveAgents(session.db, word, options)
      : [await resolveAgent(session.db, word, options)];
    for (const row of found) picked.set(row.id, row);
  }
  return [...picked.values()];
}

/** The agents that `swarm rm` means: named in full, or every merged one. */
export function pickRemovals(session: Session, words: readonly string[], merged: boolean): Promise<AgentRow[]> {
  if (merged && words.length === 0) return mergedAgents(session);
  return pickAgents(session, words, { all: false, prefix: false, several: false });
}
