import { settleAll } from '../lib/parallel.ts';
import { run } from '../process/run.ts';
import type { AgentRow } from '../store/schema.ts';
import { hookEnvironment } from './environment.ts';
import { requireWorktree } from './ground.ts';
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
  rows: readonly AgentRow[],
  argv: readonly string[],
): Promise<ExecResult[]> {
  const results = await settleAll(rows, LANES, async (row) => {
    const { exitCode, stdout, stderr, missing } = await run(argv, {
      cwd: requireWorktree(row),
      env: hookEnvironment(session, row),
    });
    const said = missing ? `${argv[0]}: command not found\n` : stderr;
    return { agent: row.name, exitCode: missing ? 127 : exitCode, stdout, stderr: said };
  });
  return results.map((result, index) => {
    if (result.status === 'fulfilled') return result.value;
    return { agent: rows[index]?.name ?? '', exitCode: null, stdout: '', stderr: `${String(result.reason)}\n` };
  });
}
