import { boardOf } from '../../board/context.ts';
import { releaseAllOf } from '../../board/tasks/lease.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { endGroup } from '../../process/end.ts';
import { isAlive } from '../../process/identity.ts';
import type { AgentRow } from '../../store/schema.ts';
import { recordEvent, setStatus } from '../records.ts';
import type { Session } from '../session.ts';
import { whileEnding } from './ending.ts';
import { withTurn } from './turn.ts';

/** Whether the agent's process is running. One whose start is not known had ended before anybody could look. */
export async function isRunning({ pid, pid_start: start }: AgentRow): Promise<boolean> {
  return pid !== null && start !== null && (await isAlive({ pid, start }));
}

/**
 * Ends the agent's process and its process group: some agent CLIs outlive their window (Gemini does).
 * @throws UserError (exit 1) when something in the group survives SIGKILL.
 */
export async function endProcess(row: AgentRow): Promise<void> {
  if (row.pid === null) return;
  if (await endGroup({ pid: row.pid, start: row.pid_start })) return;
  throw new UserError({
    code: 'STILL_RUNNING',
    exit: exit.failed,
    message: `Process ${row.pid} of ${row.name} did not end, not even by SIGKILL; it probably waits for a disk or network.`,
    hint: `ps -o pid,stat,wchan,args -g ${row.pid}`,
    details: { pid: row.pid },
  });
}

/** Ends the process and leaves window, worktree, branch and ports. */
export function stopAgent(session: Session, agent: AgentRow): Promise<AgentRow> {
  return withTurn(session, agent, { ends: true }, (row) => stop(session, row));
}

async function stop(session: Session, row: AgentRow): Promise<AgentRow> {
  if (!(await isRunning(row))) {
    throw new UserError({
      code: 'NOT_RUNNING',
      exit: exit.refused,
      message: `${row.name} isn't running: it is ${row.status}.`,
      hint: `swarm restart ${row.name}`,
    });
  }
  return whileEnding(session, row, async () => {
    await endProcess(row);
    await recordEvent(session.db, row.name, 'stopped');
    await releaseAllOf(boardOf(session), row.id, `${row.name} was stopped`);
    return setStatus(session.db, row, { status: 'exited', reason: 'stopped by swarm stop', source: 'swarm' });
  });
}
