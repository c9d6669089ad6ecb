import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hookEnvironment } from '../agents/environment.ts';
import { endOperation } from '../agents/repair/leftovers.ts';
import type { Session } from '../agents/session.ts';
import { shortDuration } from '../lib/duration.ts';
import { runLogged } from '../process/logged.ts';
import type { AgentRow } from '../store/schema.ts';
import type { ApprovedCommands } from '../workspace/approved.ts';
import { copyFiles } from '../workspace/files.ts';
import { requireSameScripts } from '../workspace/hooks.ts';

/** Milliseconds that a gate gets. It works without anybody seeing it; longer than this it does not come to an end. */
const TIMEOUT = 2 * 60 * 60_000;

export interface GateOutcome {
  readonly passed: boolean;
  readonly log: string;
  /** Why it did not pass; null when it did. */
  readonly reason: string | null;
}

export interface GateRun {
  readonly session: Session;
  readonly row: AgentRow;
  readonly approved: ApprovedCommands;
  /** The scratch worktree that holds the merged tree. */
  readonly worktree: string;
  readonly into: string;
  readonly commit: string;
  readonly operation: string;
  /** The command line that runs it although the merged tree has scripts that nobody approved. Default: of a merge. */
  readonly anyway?: string;
  readonly tell: (line: string) => void;
  /** Milliseconds that it gets. Default: two hours. */
  readonly timeout?: number;
}

/**
 * Runs `merge.gate` on the merged tree. Answers its log, and whether it passed; null where there is no gate.
 * Whatever it leaves running is ended.
 * @throws UserError exit 4 when a script that it runs is another one there than was approved, before anything ran.
 */
export async function runGate(run: GateRun): Promise<GateOutcome | null> {
  const { session, row, worktree } = run;
  const [command] = run.approved.lines('merge.gate');
  if (command === undefined) return null;
  await copyFiles({ repo: session.repo, files: session.config.files, worktree });
  requireSameScripts(run.approved, 'merge.gate', worktree, run.anyway ?? `swarm merge ${row.name} --yes`);
  const log = join(session.repo.stateDir, 'logs', row.name, `gate-${run.operation.slice(0, 8)}.log`);
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  appendFileSync(log, `$ ${command.trimEnd()}\n`, { mode: 0o600 });
  run.tell(`${row.name}: the gate runs on the merged tree: ${log}`);
  const env = {
    ...hookEnvironment(session, row),
    SWARM_WORKTREE: worktree,
    SWARM_MERGE_INTO: run.into,
    SWARM_MERGE_COMMIT: run.commit,
    SWARM_OP: run.operation,
  };
  const options = { cwd: worktree, env, logFile: log, timeout: run.timeout ?? TIMEOUT };
  try {
    const { exitCode, timedOut } = await runLogged(['/bin/sh', '-c', command], options);
    const passed = exitCode === 0 && !timedOut;
    const how = timedOut ? `ran out of time (${shortDuration(options.timeout)})` : 'failed';
    return { passed, log, reason: passed ? null : `merge.gate ${how} on the merged tree` };
  } finally {
    // A test's server, say: the folder that it runs in is about to go.
    await endOperation(run.operation);
  }
}
