import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from '../git/repository.ts';
import { type LockHolder, lockHolder } from '../process/file-lock.ts';

/** Milliseconds between two signs of life of a supervisor, and after how many without one it is taken to hang. */
export const BEAT = 1000;
export const SILENCE = 5 * BEAT;

/** What the one supervisor of a session locks, and what it touches as it goes on. */
export const supervisorLock = (repo: Repository): string => join(repo.stateDir, 'supervisor');
const beatFile = (repo: Repository): string => join(repo.stateDir, 'supervisor.beat');

/** What tmux starts the supervisor from, again when it dies: it is there for as long as one is wanted. */
export const supervisorLaunch = (repo: Repository): string => join(repo.stateDir, 'supervisor.launch');

/** The living supervisor of the session; null when there is none. */
export function supervisorOf(repo: Repository): Promise<LockHolder | null> {
  return lockHolder(supervisorLock(repo));
}

/** Whether a supervisor keeps what is known of the team fresh right now: it lives, and has said so lately. */
export async function isSupervised(repo: Repository): Promise<boolean> {
  const beat = statSync(beatFile(repo), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // One from the future is of a clock that was wrong.
  return Math.abs(Date.now() - beat) < SILENCE && (await supervisorOf(repo)) !== null;
}

/** A sign of life: a file's time, since the store would write it through to the disk. */
export function beat(repo: Repository): void {
  const now = new Date();
  try {
    utimesSync(beatFile(repo), now, now);
  } catch {
    writeFileSync(beatFile(repo), '', { mode: 0o600 });
  }
}
