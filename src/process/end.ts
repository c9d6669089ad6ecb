import { errnoOf } from '../lib/errors.ts';
import { poll } from '../lib/poll.ts';
import { groupLives, isAlive, type ProcessIdentity, startOf } from './identity.ts';

/** Milliseconds a process gets between the polite signal and SIGKILL. */
const GRACE = 3000;

/** Sends a signal to a process or, with a negative number, to its group. False when there is none. */
function signal(target: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(target, name);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Ends a process and everything in the process group that it leads: SIGHUP and SIGTERM, then SIGKILL.
 * Resolves true when the whole group is gone. A leader without a start had ended when it was recorded.
 */
export async function endGroup(leader: ProcessIdentity, grace = GRACE): Promise<boolean> {
  // The leader may be gone while its group lives on; a recycled number must not be signalled.
  const start = await startOf(leader.pid);
  if (start !== null && start !== leader.start) return true;
  const gone = async () => ((await groupLives(leader.pid)) ? null : true);
  for (const name of ['SIGTERM', 'SIGHUP'] as const) if (!signal(-leader.pid, name)) return true;
  if (await poll(gone, { timeout: grace })) return true;
  signal(-leader.pid, 'SIGKILL');
  return (await poll(gone, { timeout: GRACE })) === true;
}

/** Ends single processes: SIGTERM, then SIGKILL. Resolves with those that are still there. */
export async function endProcesses(pids: readonly number[], grace = GRACE): Promise<number[]> {
  const identities = await Promise.all(pids.map(async (pid) => ({ pid, start: await startOf(pid) })));
  const living = async () => {
    const alive = await Promise.all(identities.map(async (one) => one.start !== null && (await isAlive(one))));
    return identities.filter((_, index) => alive[index]).map(({ pid }) => pid);
  };
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    const left = await living();
    if (left.length === 0) return [];
    // One that is stopped gets the signal when it goes on.
    for (const pid of left) if (signal(pid, name)) signal(pid, 'SIGCONT');
    await poll(async () => ((await living()).length === 0 ? true : null), { timeout: grace });
  }
  return living();
}
