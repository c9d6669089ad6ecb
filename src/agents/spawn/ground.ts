import { join } from 'node:path';
import { applyPatch } from '../../git/changes.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { withLease } from '../../store/leases.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { ApprovedCommands } from '../../workspace/approved.ts';
import { copyFiles } from '../../workspace/files.ts';
import { describeFailure, failedHook, runHooks } from '../../workspace/hooks.ts';
import { leasePorts } from '../../workspace/ports.ts';
import { createWorktree, type Lock, type WorktreePlan } from '../../workspace/worktree.ts';
import { hookEnvironment } from '../environment.ts';
import { requireWorktree } from '../ground.ts';
import { holdPorts } from '../ports.ts';
import { optionsOf, recordEvent, updateAgent } from '../records.ts';
import type { Session } from '../session.ts';
import type { SpawnContext } from './spawn-one.ts';

/** Milliseconds that another process may write git's config. */
const CONFIG_LEASE = 60_000;

/** What git can't do in parallel, one process after the other. */
export function gitLock(session: Session): Lock {
  return (name, work) => withLease(session.db, `git:${name}`, CONFIG_LEASE, work);
}

/** Leases the agent's ports, those of the config and `more`; the same ones when it holds them already. */
export async function takePorts(session: Session, row: AgentRow, more: readonly string[] = []): Promise<AgentRow> {
  const { from, to, names } = session.config.ports;
  await holdPorts(session);
  const ports = await leasePorts({
    userDb: await session.userDb(),
    session: { id: session.id, dir: session.repo.stateDir },
    agentId: row.id,
    names: [...new Set([...names, ...more])],
    range: { from, to },
  });
  return updateAgent(session.db, row.id, { ports: JSON.stringify(ports) });
}

/** Worktree and branch, copied files, and the uncommitted work that shall come along. */
export async function makeGround(
  context: SpawnContext,
  row: AgentRow,
  plan: WorktreePlan,
  patch: string | null,
): Promise<void> {
  const { session, operation, door } = context;
  const notes = await createWorktree(session.repo, plan, { operation: operation.id, lock: gitLock(session) });
  for (const note of notes) door.tell(`${row.name}: ${note}`);
  if (!optionsOf(row).noCopy) {
    const report = await copyFiles({
      repo: session.repo,
      files: session.config.files,
      worktree: plan.path,
      dryRun: false,
    });
    for (const { path, reason } of report.skipped) door.tell(`${row.name}: ${path} not copied: ${reason}`);
  }
  if (patch !== null) await applyPatch(plan.path, patch);
}

/**
 * Runs post_create in the worktree. A failure keeps the worktree: the agent is marked failed and can be restarted.
 * @throws UserError exit 1 naming the hook and its log.
 */
export async function runPostCreate(
  session: Session,
  row: AgentRow,
  approved: ApprovedCommands,
  how: { readonly operation: string; readonly tell: (line: string) => void },
): Promise<void> {
  if (optionsOf(row).noHooks) return;
  const logFile = join(session.repo.stateDir, 'logs', row.name, 'post_create.log');
  const results = await runHooks({
    plan: approved,
    name: 'postCreate',
    cwd: requireWorktree(row),
    env: { ...hookEnvironment(session, row), SWARM_OP: how.operation },
    logFile,
    timeoutMs: session.config.hooks.timeout,
    anyway: `swarm restart ${row.name} --yes`,
    onOutput: (line) => how.tell(`${row.name} │ ${line}`),
  });
  if (results.length > 0) await recordEvent(session.db, row.name, 'hook', { name: 'post_create', results });
  const failed = failedHook(results);
  if (failed === null) return;
  throw new UserError({
    code: 'HOOK_FAILED',
    exit: exit.failed,
    message: `hooks.post_create of ${row.name}: ${describeFailure(failed)}. Its worktree is kept; the log is ${logFile}.`,
    hint: `swarm restart ${row.name}`,
    details: { agent: row.name, ...failed, log: logFile },
  });
}
