import { type DiffForm, diffAgainst, startOfWork } from '../git/changes.ts';
import type { AgentRow } from '../store/schema.ts';
import { requireWorktree } from './ground.ts';
import { forEachAgent, pickAgents, type TargetError } from './pick.ts';
import type { Session } from './session.ts';

export interface AgentDiff {
  readonly agent: string;
  /** The commit it is compared with. */
  readonly from: string | null;
  readonly diff: string;
}

/** All that an agent has made: commits, changes and untracked files since its work began. Writes nothing. */
export async function agentDiff(row: AgentRow, form: DiffForm, colour: boolean): Promise<AgentDiff> {
  const worktree = requireWorktree(row);
  const from = await startOfWork(worktree, row.base, row.base_oid);
  return { agent: row.name, from, diff: await diffAgainst(worktree, from, form, colour) };
}

/** Diffs read at a time: git calls are bound by the CPU. */
const LANES = 4;

/** The same of all whom a word means: several agents may hold one ticket. */
export async function agentDiffs(
  session: Session,
  word: string,
  form: DiffForm,
  colour: boolean,
): Promise<{ readonly diffs: readonly AgentDiff[]; readonly errors: readonly TargetError[] }> {
  const picked = await pickAgents(session, [word], { all: false, prefix: true, several: true });
  const { done, errors } = await forEachAgent(picked, LANES, (row) => agentDiff(row, form, colour));
  return { diffs: done, errors };
}
