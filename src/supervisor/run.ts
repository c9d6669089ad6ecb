import { rmSync } from 'node:fs';
import type { Session } from '../agents/session.ts';
import { supervisorLaunch, supervisorLock } from '../agents/supervised.ts';
import { exit, UserError } from '../lib/errors.ts';
import { holdFileLock } from '../process/file-lock.ts';
import { supervise } from './supervise.ts';

/**
 * Is the session's one supervisor until the signal comes. `tell` gets a line for each thing that happens.
 * @throws UserError exit 4 when another one is.
 */
export async function runSupervisor(
  session: Session,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<void> {
  const lock = await holdFileLock(supervisorLock(session.repo));
  if (!lock.held) {
    const { pid, since } = lock.holder;
    throw new UserError({
      code: 'SUPERVISED',
      exit: exit.refused,
      message: `A supervisor runs for this repository already: process ${pid}, since ${since}.`,
      hint: 'swarm down',
      details: { ...lock.holder },
    });
  }
  try {
    tell('The supervisor keeps watch; swarm down ends it.');
    await supervise(session, signal, tell);
    // Somebody has ended it: it is not to be started again, and the file holds their environment.
    rmSync(supervisorLaunch(session.repo), { force: true });
  } finally {
    await lock.release();
  }
}
