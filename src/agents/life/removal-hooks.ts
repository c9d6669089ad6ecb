import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exit, UserError } from '../../lib/errors.ts';
import type { AgentRow } from '../../store/schema.ts';
import { ApprovedCommands } from '../../workspace/approved.ts';
import { describeFailure, failedHook, runHooks } from '../../workspace/hooks.ts';
import { approveCommands, type ConsentDoor } from '../consent.ts';
import { hookEnvironment } from '../environment.ts';
import { recordEvent } from '../records.ts';
import type { Session } from '../session.ts';

/** What may run around a removal, and who hears of it. */
export interface RemoveDoor {
  readonly approved: ApprovedCommands;
  readonly tell: (line: string) => void;
}

/** Consent for the hooks of a removal; nothing runs with `--no-hooks`. */
export function approveRemoval(session: Session, hooks: boolean, door: ConsentDoor): Promise<ApprovedCommands> {
  if (!hooks) return Promise.resolve(ApprovedCommands.none);
  return approveCommands(session, ['hooks.pre_remove', 'hooks.post_remove'], door);
}

/** Runs pre_remove in the worktree (a failure stops the removal), post_remove in the repository (a failure is only said). */
export async function runRemovalHooks(
  session: Session,
  row: AgentRow,
  name: 'preRemove' | 'postRemove',
  door: RemoveDoor & { readonly operation: string },
): Promise<void> {
  const before = name === 'preRemove';
  const cwd = before ? row.worktree : session.repo.root;
  if (cwd === null || !existsSync(cwd)) return;
  const key = before ? 'pre_remove' : 'post_remove';
  const logFile = join(session.repo.stateDir, 'logs', row.name, `${key}.log`);
  const results = await runHooks({
    plan: door.approved,
    name,
    cwd,
    env: { ...hookEnvironment(session, row), SWARM_OP: door.operation },
    logFile,
    timeoutMs: session.config.hooks.timeout,
    anyway: `swarm rm ${row.name} --yes (or --no-hooks)`,
    onOutput: (line) => door.tell(`${row.name} │ ${line}`),
  });
  if (results.length > 0) await recordEvent(session.db, row.name, 'hook', { name: key, results });
  const failed = failedHook(results);
  if (failed === null) return;
  if (!before) return door.tell(`${row.name}: hooks.post_remove: ${describeFailure(failed)}; the log is ${logFile}`);
  throw new UserError({
    code: 'HOOK_FAILED',
    exit: exit.failed,
    message: `hooks.pre_remove of ${row.name}: ${describeFailure(failed)}. Nothing was removed; the log is ${logFile}.`,
    hint: `swarm rm ${row.name} --no-hooks`,
    details: { agent: row.name, ...failed, log: logFile },
  });
}
