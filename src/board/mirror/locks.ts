import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { holdFileLock, lockHolder } from '../../process/file-lock.ts';

/** Milliseconds for which somebody else's lock is waited for. */
const PATIENCE = 120_000;

/** Does the work while no editor that takes locks is at it; null when one is. */
export async function withMirrorLock<T>(folder: string, work: () => Promise<T>): Promise<T | null> {
  const locks = join(folder, 'communication', 'locks');
  const ours = join(locks, 'tasks.json');
  if (isLocked(locks, (await lockHolder(ours)) === null ? null : 'tasks.json.lock')) return null;
  const lock = await holdFileLock(ours);
  return lock.held ? work().finally(lock.release) : null;
}

/** Whether an editor holds a lock: anything in the folder but swarm's own. One that was left behind is taken away. */
function isLocked(locks: string, own: string | null): boolean {
  for (const name of readdirSync(locks).filter((one) => one !== own)) {
    const path = join(locks, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    if (Date.now() - found.mtimeMs < PATIENCE) return true;
    rmSync(path, { recursive: true, force: true });
  }
  return false;
}
