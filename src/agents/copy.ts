import { type CopyReport, copyFiles } from '../workspace/files.ts';
import { requireWorktree } from './ground.ts';
import { forEachAgent, type Picked, type TargetError } from './pick.ts';
import type { Session } from './session.ts';

export interface AgentCopy extends CopyReport {
  readonly agent: string;
}

/** Worktrees that are copied into at a time: each copies many files at once. */
const LANES = 2;

/** Copies the configured files from the main worktree into agents' worktrees again. */
export async function copyAgain(
  { repo, config }: Session,
  picked: Picked,
  dryRun: boolean,
): Promise<{ readonly copies: readonly AgentCopy[]; readonly errors: readonly TargetError[] }> {
  const { done, errors } = await forEachAgent(picked, LANES, async (row): Promise<AgentCopy> => {
    const report = await copyFiles({ repo, files: config.files, worktree: requireWorktree(row), dryRun });
    return { agent: row.name, ...report };
  });
  return { copies: done, errors };
}
