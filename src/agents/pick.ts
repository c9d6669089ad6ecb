import { BugError, exit, messageOf, UserError } from '../lib/errors.ts';
import { settleAll } from '../lib/parallel.ts';
import type { AgentRow } from '../store/schema.ts';
import { allAgents } from './records.ts';
import { resolveAgent, resolveAgents } from './resolve.ts';
import type { Session } from './session.ts';

/** One of several targets that failed; the others were still tried. */
export interface TargetError {
  /** As the user named it. */
  readonly agent: string;
  readonly error: Error;
}

export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new BugError(messageOf(thrown)));

/** The agents that words name, and the words that name none: the others are still tried. */
export interface Picked {
  readonly rows: readonly AgentRow[];
  readonly errors: readonly TargetError[];
}

export interface PickOptions {
  readonly all: boolean;
  readonly prefix: boolean;
  /** A ticket that several agents hold means all of them. */
  readonly several: boolean;
}

/** `--all`. @throws UserError exit 3 when there are none: nothing would be done, and it would look like success. */
async function everyAgent(session: Session, words: readonly string[]): Promise<AgentRow[]> {
  if (words.length > 0) {
    throw new UserError({
      code: 'ALL_AND_NAMES',
      exit: exit.usage,
      message: `--all means every agent, and ${words.join(', ')} is named too.`,
      hint: 'Leave out the one or the other.',
    });
  }
  const rows = await allAgents(session.db);
  if (rows.length > 0) return rows;
  throw new UserError({
    code: 'NO_AGENTS',
    exit: exit.notFound,
    message: 'There are no agents yet.',
    hint: 'swarm spawn TICKET',
  });
}

/**
 * Does something for each agent, some at a time; what fails doesn't stop the others.
 * @throws what failed, when it was the only one: its refusal is the answer.
 */
export async function forEachAgent<T>(
  { rows, errors }: Picked,
  lanes: number,
  work: (row: AgentRow) => Promise<T>,
): Promise<{ readonly done: readonly T[]; readonly errors: readonly TargetError[] }> {
  const results = await settleAll(rows, lanes, work);
  const failed = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{ agent: rows[index]?.name ?? '', error: asError(result.reason) }] : [],
  );
  if (rows.length === 1 && errors.length === 0 && failed[0]) throw failed[0].error;
  const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return { done, errors: [...errors, ...failed] };
}

/**
 * The agents that the words name, each once; every agent with `all`.
 * @throws UserError when nothing is named, or the only word names no agent.
 */
export async function pickAgents(session: Session, words: readonly string[], options: PickOptions): Promise<Picked> {
  if (options.all) return { rows: await everyAgent(session, words), errors: [] };
  if (words.length === 0) {
    throw new UserError({
      code: 'NO_AGENT_NAMED',
      exit: exit.usage,
      message: 'No agent is named. Expected names, numbers or tickets.',
      hint: 'swarm ls',
    });
  }
  const resolve = (word: string) =>
    options.several
      ? resolveAgents(session.db, word, options)
      : resolveAgent(session.db, word, options).then((row) => [row]);
  const found = await Promise.allSettled(words.map(resolve));
  const [first] = found;
  if (found.length === 1 && first?.status === 'rejected') throw first.reason;
  const rows = new Map<string, AgentRow>();
  const errors: TargetError[] = [];
  for (const [index, result] of found.entries()) {
    if (result.status === 'fulfilled') for (const row of result.value) rows.set(row.id, row);
    else errors.push({ agent: words[index] ?? '', error: asError(result.reason) });
  }
  return { rows: [...rows.values()], errors };
}
