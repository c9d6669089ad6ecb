import { run } from '../process/run.ts';
import { hookEnvironment } from './environment.ts';
import { requireWorktree } from './ground.ts';
import { forEachAgent, type Picked, type TargetError } from './pick.ts';
import type { Session } from './session.ts';

export interface ExecResult {
  readonly agent: string;
  /** Null when a signal ended the command or it wasn't found. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Commands that run at a time. */
const LANES = 4;

/** Runs a command in the worktrees of agents, with their environment; output is collected per agent. */
export async function execIn(
  session: Session,
  picked: Picked,
  argv: readonly string[],
): Promise<{ readonly results: readonly ExecResult[]; readonly errors: readonly TargetError[] }> {
  const { done, errors } = await forEachAgent(picked, LANES, async (row): Promise<ExecResult> => {
    const { exitCode, stdout, stderr, missing } = await run(argv, {
      cwd: requireWorktree(row),
      env: hookEnvironment(session, row),
    });
    const said = missing ? `${argv[0]}: command not found\n` : stderr;
    return { agent: row.name, exitCode: missing ? 127 : exitCode, stdout, stderr: said };
  });
  return { results: done, errors };
}
