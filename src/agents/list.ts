import { resolveCommit } from '../git/branches.ts';
import { type GitFacts, gitFacts } from '../git/facts.ts';
import { settleAll } from '../lib/parallel.ts';
import type { AgentRow } from '../store/schema.ts';
import { type Observation, observe, panesOf } from './observe.ts';
import { toAgent } from './records.ts';
import type { Session } from './session.ts';
import type { Agent } from './types.ts';

/** Worktrees read at a time: git calls are bound by the CPU. */
const GIT_LANES = 8;

/** The team in the order of creation, with statuses and git facts as they are now. */
export async function listAgents(session: Session, read: ReadFacts = factsOf): Promise<Agent[]> {
  return withFacts(session, await observe(session), read);
}

/** Several agents as `--json` shows them, with git facts read now; their statuses as they were seen last. */
export async function agentsOf(session: Session, rows: readonly AgentRow[]): Promise<Agent[]> {
  const panes = await panesOf(session, rows);
  return withFacts(
    session,
    rows.map((row) => ({ row, pane: panes.get(row.id) ?? null })),
  );
}

/** One of them. */
export async function agentOf(session: Session, row: AgentRow): Promise<Agent> {
  const pane = (await panesOf(session, [row])).get(row.id) ?? null;
  return toAgent(session, row, await factsOf(row, baseTips(session)), pane);
}

async function withFacts(
  session: Session,
  seen: readonly Pick<Observation, 'row' | 'pane'>[],
  read: ReadFacts = factsOf,
): Promise<Agent[]> {
  const tips = baseTips(session);
  const facts = await settleAll(seen, GIT_LANES, ({ row }) => read(row, tips));
  return seen.map(({ row, pane }, index) => {
    const fact = facts[index];
    return toAgent(session, row, fact?.status === 'fulfilled' ? fact.value : null, pane);
  });
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

type Tips = (row: AgentRow) => Promise<string | null>;

/** Where each agent's base is now, asked once per base; where it was at the start when it is gone. */
function baseTips({ repo }: Session): Tips {
  const known = new Map<string, Promise<string | null>>();
  return async ({ base, base_oid: start }) => {
    if (base === null) return start;
    const asked = known.get(base) ?? resolveCommit(repo.root, base);
    known.set(base, asked);
    return (await asked) ?? start;
  };
}

/** Git facts of an agent's worktree against its base; null without a worktree. */
async function factsOf(row: AgentRow, tips: Tips): Promise<GitFacts | null> {
  return row.worktree === null ? null : gitFacts(row.worktree, await tips(row));
}
