import { existsSync } from 'node:fs';
import { isSupervised, supervisorLaunch, supervisorOf } from '../../agents/supervised.ts';
import type { Repository } from '../../git/repository.ts';
import { shortDuration } from '../../lib/duration.ts';
import { peekRows } from '../../store/peek-rows.ts';
import { type Check, ok } from './check.ts';

/** Whether a supervisor that somebody started keeps watch. None at all is fine: everything works without it. */
export async function checkSupervisor(repo: Repository): Promise<Check> {
  const name = 'supervisor';
  const holder = await supervisorOf(repo);
  const expected = 'one that keeps watch, or none';
  const wrong = (found: string, mend: string): Check => ({ name, state: 'warn', found, expected, mend });
  if (holder === null) {
    if (!existsSync(supervisorLaunch(repo))) return ok(name, 'none (swarm up starts one)', expected);
    return wrong('it has ended, and nobody ended it', 'swarm up');
  }
  const paused = "select value from meta where key = 'restarts.paused'";
  if (peekRows<{ value: string }>(repo.stateDir, 'swarm.db', paused).length > 0)
    return wrong('many agents died at once, and crashed ones are not started again', 'swarm up');
  if (await isSupervised(repo))
    return ok(name, `process ${holder.pid}, for ${shortDuration(Date.now() - Date.parse(holder.since))}`, expected);
  return wrong(`process ${holder.pid} gives no sign of life`, 'swarm down, then swarm up');
}
