import { accessSync, constants, existsSync, lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Repository } from '../../git/repository.ts';
import { shellWord } from '../../lib/text.ts';
import { isAlive } from '../../process/identity.ts';
import { userStateHome } from '../../store/open.ts';
import { peekRows } from '../../store/peek-rows.ts';
import { type Check, ok } from './check.ts';

/** Whether a folder for state is the user's alone and can be written; one that isn't there yet can be made. */
export function checkFolder(name: string, folder: string): Check {
  const expected = 'private to you (0700) and writable';
  if (!existsSync(folder)) {
    const parent = nearestFolder(folder);
    if (isWritable(parent)) return ok(name, `${folder} (made on first use)`, expected);
    return {
      name,
      state: 'fail',
      found: `${parent} is not writable`,
      expected,
      mend: `chmod u+w ${shellWord(parent)}`,
    };
  }
  const { mode, uid } = lstatSync(folder);
  const open = (mode & 0o077) !== 0;
  if (uid === process.getuid?.() && !open && isWritable(folder)) return ok(name, folder, expected);
  const found = `${folder} (mode ${(mode & 0o777).toString(8)}, user ${uid})`;
  return { name, state: open ? 'warn' : 'fail', found, expected, mend: `chmod 700 ${shellWord(folder)}` };
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Operations whose process died before it was through. */
export async function checkOperations(repo: Repository): Promise<Check> {
  const open = peekRows<{ kind: string; pid: number; start: string | null }>(
    repo.stateDir,
    'swarm.db',
    'select kind, pid, pid_start as start from operations where finished_at is null',
  );
  const alive = await Promise.all(open.map(isAlive));
  const kinds = open.filter((_, index) => !alive[index]).map(({ kind }) => kind);
  const expected = 'no interrupted operations';
  if (kinds.length === 0) return ok('operations', null, expected);
  return {
    name: 'operations',
    state: 'warn',
    found: `interrupted: ${kinds.join(', ')}`,
    expected,
    mend: 'swarm repair',
  };
}

/** Ports reserved for sessions whose repository is gone. */
export function checkPorts(env: NodeJS.ProcessEnv): Check {
  const held = peekRows<{ port: number; folder: string }>(
    userStateHome(env),
    'user.db',
    'select port, session_dir as folder from ports order by port',
  );
  const stale = held.filter(({ folder }) => !existsSync(folder)).map(({ port }) => port);
  const expected = 'no ports held by repositories that are gone';
  if (stale.length === 0) return ok('ports', `${held.length} reserved`, expected);
  return {
    name: 'ports',
    state: 'warn',
    found: `held for nothing: ${stale.join(', ')}`,
    expected,
    mend: 'swarm repair',
  };
}

/** Agents draw boxes and symbols, which tmux shows as underscores without UTF-8. */
export function checkLocale(env: NodeJS.ProcessEnv): Check {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || null;
  const expected = 'a UTF-8 locale';
  if (/utf-?8/i.test(locale ?? '')) return ok('locale', locale, expected);
  return { name: 'locale', state: 'warn', found: locale ?? 'not set', expected, mend: 'export LC_ALL=C.UTF-8' };
}
