import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from '../../git/repository.ts';
import { shortDuration } from '../../lib/duration.ts';
import { shellWord } from '../../lib/text.ts';
import { listBackups } from '../../store/backups.ts';
import { type Check, ok } from './check.ts';

/** Milliseconds by which a database may be ahead of its newest backup. */
const MOST = 24 * 60 * 60_000;

/** How old the newest backup of the session's database is, and whether a damaged one was put aside. */
export function checkBackups({ stateDir }: Repository): Check {
  const name = 'backups';
  const expected = 'a backup of the database that is not old, and no damaged one';
  const database = statSync(join(stateDir, 'swarm.db'), { throwIfNoEntry: false });
  if (database === undefined) return ok(name, 'none (nothing to back up yet)', expected);
  const [newest, ...older] = listBackups(stateDir);
  if (newest === undefined) return ok(name, 'none (the supervisor makes them: swarm up)', expected);
  const age = shortDuration(Math.max(0, Date.now() - Date.parse(newest.at)));
  const found = `newest ${age} old, ${older.length + 1} kept`;
  const damaged = damagedIn(stateDir);
  if (damaged !== null) {
    const mend = `rm ${shellWord(damaged)}*   (once nobody misses anything)`;
    return { name, state: 'warn', found: `${found}; a damaged database was put aside: ${damaged}`, expected, mend };
  }
  if (database.mtimeMs - Date.parse(newest.at) < MOST) return ok(name, found, expected);
  return { name, state: 'warn', found, expected, mend: 'swarm up' };
}

function damagedIn(folder: string): string | null {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const name = names.find((one) => /^swarm\.db\.corrupt-[\dTZ]+$/.test(one));
  return name === undefined ? null : join(folder, name);
}
