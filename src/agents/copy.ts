import type { AgentRow } from '../store/schema.ts';
import { type CopyReport, copyFiles } from '../workspace/files.ts';
import { requireWorktree } from './ground.ts';
import type { Session } from './session.ts';

export interface AgentCopy extends CopyReport {
  readonly agent: string;
}

/** Copies the configured files from the main worktree into agents' worktrees again. */
export async function copyAgain(session: Session, rows: readonly AgentRow[], dryRun: boolean): Promise<AgentCopy[]> {
  const copies: AgentCopy[] = [];
  for (const row of rows) {
    const { repo, config } = session;
    const report = await copyFiles({ repo, files: config.files, worktree: requireWorktree(row), dryRun });
    copies.push({ agent: row.name, ...report });
  }
  return copies;
}
