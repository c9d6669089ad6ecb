import { exit, UserError } from '../../lib/errors.ts';
import { endGroup, endProcesses } from '../../process/end.ts';
import { ancestorsOf, processesWithEnv, startOf, statOf } from '../../process/identity.ts';

/** Looks at most: what is being ended may still start something. */
const ROUNDS = 10;

/**
 * Ends whatever outlived the swarm that ran an operation: git, hooks, filters, and what they started. A hook leads a
 * group, which ends as a whole; git sits in the group of whoever called swarm, and ends alone. Asked politely first: git
 * then removes its lock files.
 * @throws UserError exit 1 when something is left: nothing may be mended beside it.
 */
export async function endOperation(operation: string): Promise<void> {
  // A person may have called this repair from inside of what was interrupted.
  const above = new Set(await ancestorsOf(process.pid));
  let pids: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    pids = (await processesWithEnv('SWARM_OP', operation)).filter((pid) => !above.has(pid));
    if (pids.length === 0) return;
    const stats = await Promise.all(pids.map(async (pid) => ({ pid, stat: await statOf(pid) })));
    const leaders = stats.filter(({ pid, stat }) => stat?.pgrp === pid).map(({ pid }) => pid);
    const starts = await Promise.all(leaders.map(async (pid) => ({ pid, start: await startOf(pid) })));
    await Promise.all([
      ...starts.map((leader) => endGroup(leader)),
      endProcesses(pids.filter((pid) => !leaders.includes(pid))),
    ]);
  }
  throw new UserError({
    code: 'STILL_RUNNING',
    exit: exit.failed,
    message: `What it had started still runs and can't be ended: ${pids.join(', ')}`,
    hint: `ps -o pid,stat,wchan,args -p ${pids.join(',')}`,
    details: { pids },
  });
}
