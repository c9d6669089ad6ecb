import { type DiffForm, diffAgainst, startOfWork } from '../git/changes.ts';
import type { AgentRow } from '../store/schema.ts';
import { requireWorktree } from './ground.ts';

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
