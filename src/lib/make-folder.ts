import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, exit, messageOf, UserError } from './errors.ts';
import { shellWord } from './text.ts';

/** What a place says that is no place for a folder or a file of ours. A full disk is told as that. */
const REFUSED = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EEXIST',
  'ENOENT',
  'ENAMETOOLONG',
  'ELOOP',
  'ENOTSUP',
]);

/**
 * Makes a folder with its parents, unless it is there. `setting`: what leads there, for people.
 * @throws UserError exit 5 where none can be made.
 */
export function makeFolder(path: string, setting: string, mode = 0o777): void {
  refusing(path, setting, () => make(path, mode));
}

/** Runs what makes `path`. @throws UserError exit 5 where the place refuses it. */
export function refusing<T>(path: string, setting: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!REFUSED.has(errnoOf(error) ?? '')) throw error;
    const there = nearestExisting(path);
    throw new UserError({
      code: 'NOT_WRITABLE',
      exit: exit.missing,
      message: `${path} can't be made: ${messageOf(error)}. It is where ${setting} leads.`,
      hint: `ls -ld ${shellWord(there)}`,
      details: { path, setting, nearest: there },
      cause: error,
    });
  }
}

/** One folder after the other: Node's own recursion never ends below a folder that takes none (`/proc`). */
function make(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || existsSync(parent)) throw error;
    make(parent, mode);
    // Others may be at the same.
    if (!existsSync(path)) make(path, mode);
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
