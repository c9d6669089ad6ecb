import { gitFacts } from '../git/facts.ts';
import { settleAll } from '../lib/parallel.ts';
import type { AgentRow } from '../store/schema.ts';
import { observe } from './observe.ts';
import { toAgent } from './records.ts';
import type { Session } from './session.ts';
import type { Agent, AgentGit } from './types.ts';

/** Worktrees read at a time: git calls are bound by the CPU. */
const GIT_LANES = 8;

/** The team in the order of creation, with statuses and git facts as they are now. */
export async function listAgents(session: Session, rows?: readonly AgentRow[]): Promise<Agent[]> {
  const [seen, tmuxSession] = await Promise.all([observe(session, rows), session.tmux.findSession(session.id)]);
  const facts = await settleAll(seen, GIT_LANES, ({ row }) => factsOf(row));
  return seen.map(({ row }, index) => {
    const fact = facts[index];
    return toAgent(session, row, fact?.status === 'fulfilled' ? fact.value : null, tmuxSession?.session ?? null);
  });
}

/** Git facts of an agent's worktree against its base; null without a worktree. */
async function factsOf(row: AgentRow): Promise<AgentGit | null> {
  return row.worktree === null ? null : gitFacts(row.worktree, row.base_oid);
}

/** One agent as `--json` shows it, with git facts read now. */
export async function agentOf(session: Session, row: AgentRow): Promise<Agent> {
  const [git, found] = await Promise.all([factsOf(row), session.tmux.findSession(session.id)]);
  return toAgent(session, row, git, found?.session ?? null);
}

/** Several, read side by side. */
export async function agentsOf(session: Session, rows: readonly AgentRow[]): Promise<Agent[]> {
  return Promise.all(rows.map((row) => agentOf(session, row)));
}
