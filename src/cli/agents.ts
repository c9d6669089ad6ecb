import { Args, Flags } from '@oclif/core';
import { mergedAgents } from '../agents/life/remove-many.ts';
import { type Picked, pickAgents } from '../agents/pick.ts';
import { resolveAgent } from '../agents/resolve.ts';
import { type Session, withSession } from '../agents/session.ts';
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

/** The agents that `swarm rm` means: named in full, or every merged one. */
export async function pickRemovals(session: Session, words: readonly string[], merged: boolean): Promise<Picked> {
  if (merged && words.length === 0) return { rows: await mergedAgents(session), errors: [] };
  return pickAgents(session, words, { all: false, prefix: false, several: false });
}
