import { resolveCommit } from '../git/branches.ts';
import { commitFacts, type GitFacts, gitFacts } from '../git/facts.ts';
import { settleAll } from '../lib/parallel.ts';
import type { AgentRow } from '../store/schema.ts';
import { type Explanation, explainAgent } from './explain.ts';
import type { Memory } from './memory.ts';
import { observe, panesOf } from './observe.ts';
import type { Question } from './question.ts';
import { toAgent } from './records.ts';
import type { Session } from './session.ts';
import type { Agent } from './types.ts';

/** Worktrees read at a time: git calls are bound by the CPU. */
const GIT_LANES = 8;

/** What is known from earlier looks. */
export interface Known {
  readonly read?: ReadFacts;
  readonly memory?: Memory;
}

/** The team in the order of creation, by a look of our own at screens and worktrees. */
export async function lookAtAll(
  session: Session,
  rows: readonly AgentRow[],
  { read, memory }: Known,
): Promise<Agent[]> {
  const [facts, seen] = await Promise.all([factsByAgent(session, rows, read), observe(session, rows, memory)]);
  return seen.map(({ row, pane }) => toAgent(session, row, facts.get(row.id) ?? null, pane));
}

/** Several agents as `--json` shows them, with git facts read now; their statuses as they were seen last. */
export async function agentsOf(
  session: Session,
  rows: readonly AgentRow[],
  read: ReadFacts = factsOf,
): Promise<Agent[]> {
  const [facts, panes] = await Promise.all([factsByAgent(session, rows, read), panesOf(session, rows)]);
  return rows.map((row) => toAgent(session, row, facts.get(row.id) ?? null, panes.get(row.id) ?? null));
}

/** One of them. */
export async function agentOf(session: Session, row: AgentRow): Promise<Agent> {
  const [facts, panes] = await Promise.all([factsOf(row, baseTips(session)), panesOf(session, [row])]);
  return toAgent(session, row, facts, panes.get(row.id) ?? null);
}

export interface AgentNow {
  readonly agent: Agent;
  /** What it asks on its screen now. */
  readonly question: Question | null;
  readonly explanation: Explanation | null;
}

/** One agent as it is now; with `explain`, what its status rests on, from the same look. */
export async function agentNow(session: Session, row: AgentRow, explain: boolean): Promise<AgentNow> {
  const [facts, [seen]] = await Promise.all([factsOf(row, baseTips(session)), observe(session, [row])]);
  const agent = toAgent(session, seen?.row ?? row, facts, seen?.pane ?? null);
  const explanation = explain && seen ? await explainAgent(session, seen) : null;
  return { agent, question: seen?.asked?.question ?? null, explanation };
}

/** Git facts by agent; none of one whose worktree can't be read. */
async function factsByAgent(
  session: Session,
  rows: readonly AgentRow[],
  read: ReadFacts = factsOf,
): Promise<ReadonlyMap<string, GitFacts>> {
  const tips = baseTips(session);
  const facts = await settleAll(rows, GIT_LANES, (row) => read(row, tips));
  const found = rows.flatMap(({ id }, index): [string, GitFacts][] => {
    const fact = facts[index];
    return fact?.status === 'fulfilled' && fact.value !== null ? [[id, fact.value]] : [];
  });
  return new Map(found);
}

/** How the git facts of an agent are come by. */
export type ReadFacts = (row: AgentRow, tips: Tips) => Promise<GitFacts | null>;

/** Reads an agent's facts again only when they are older than this (milliseconds): for who asks every second. */
export function rememberFacts(age: number): ReadFacts {
  const known = new Map<string, { readonly at: number; readonly facts: Promise<GitFacts | null> }>();
  return (row, tips) => {
    const last = known.get(row.id);
    if (last && performance.now() - last.at < age) return last.facts;
    const facts = factsOf(row, tips);
    known.set(row.id, { at: performance.now(), facts });
    return facts;
  };
}

/** Where the base of an agent is; null when that can't be said. */
export type Tips = (row: AgentRow) => Promise<string | null>;

/** Where each agent's base is now, asked once per base; where it was at the start when it is gone. */
export function baseTips({ repo }: Session): Tips {
  const known = new Map<string, Promise<string | null>>();
  return async ({ base, base_oid: start }) => {
    if (base === null) return start;
    const asked = known.get(base) ?? resolveCommit(repo.root, base);
    known.set(base, asked);
    return (await asked) ?? start;
  };
}

/** The commit that an agent stands on, without a look at its files: for worktrees that were made just now. */
export const standingOf: ReadFacts = async (row, tips) =>
  row.worktree === null ? null : commitFacts(row.worktree, tips(row));

/** Git facts of an agent's worktree against its base; null without a worktree. */
export async function factsOf(row: AgentRow, tips: Tips): Promise<GitFacts | null> {
  return row.worktree === null ? null : gitFacts(row.worktree, await tips(row));
}
