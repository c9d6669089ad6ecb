import { Args, Flags } from '@oclif/core';
import { mergedAgents } from '../agents/life/merged.ts';
import { type Picked, pickAgents } from '../agents/pick.ts';
import { requireSettled, settleAgent } from '../agents/repair/settle.ts';
import { resolveAgent } from '../agents/resolve.ts';
import { type Session, withSession } from '../agents/session.ts';
import { exit, UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';
import { narrate } from './output.ts';

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

/** {@link withAgent} or {@link withExactAgent} for journalled verbs: what one that was interrupted left comes first. */
export function withSettledAgent<T>(
  cwd: string,
  word: string,
  how: { readonly prefix: boolean },
  work: (session: Session, row: AgentRow) => Promise<T>,
): Promise<T> {
  return withSession(cwd, async (session) =>
    work(session, await requireSettled(session, await resolveAgent(session.db, word, how), narrate)),
  );
}

/** Agents to remove, and what is known to be merged of them where this repository can't see it. */
export interface PickedRemovals extends Picked {
  readonly mergedTips?: ReadonlyMap<string, string>;
}

/** The agents that `swarm rm` means: named in full, or every merged one. With `dryRun`, as they are. */
export async function pickRemovals(
  session: Session,
  words: readonly string[],
  { merged, dryRun }: { readonly merged: boolean; readonly dryRun: boolean },
): Promise<PickedRemovals> {
  if (merged && words.length > 0) throw mergedAndNames(words);
  if (merged) return { ...(await mergedAgents(session)), errors: [] };
  const picked = await pickAgents(session, words, { all: false, prefix: false, several: false });
  if (dryRun) return picked;
  const settled: AgentRow[] = [];
  for (const row of picked.rows) {
    const whole = await settleAgent(session, row, narrate);
    if (whole !== null) settled.push(whole);
  }
  return { rows: settled, errors: picked.errors };
}

function mergedAndNames(words: readonly string[]): UserError {
  return new UserError({
    code: 'MERGED_AND_NAMES',
    exit: exit.usage,
    message: `--merged means every agent whose work is merged, and ${words.join(', ')} is named too.`,
    hint: 'Leave out the one or the other.',
  });
}
