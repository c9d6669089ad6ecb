import { setTimeout as delay } from 'node:timers/promises';
import { connected } from './connection.ts';
import { rememberFacts } from './list.ts';
import { Memory } from './memory.ts';
import type { Session } from './session.ts';
import { readTeam, type Team, type TeamOptions } from './team.ts';

/** Milliseconds between two looks, and for which git facts are good meanwhile: each agent's cost several processes. */
const LOOK = 1000;
const FACTS = 5000;

/** Shows the team over and over, and says whether something is new, until the signal comes. */
export async function watchTeam(
  session: Session,
  options: TeamOptions,
  signal: AbortSignal,
  show: (team: Team, changed: boolean) => void,
): Promise<void> {
  const connection = connected(session);
  const read = options.fresh ? undefined : rememberFacts(FACTS);
  const memory = new Memory();
  let before = '';
  try {
    while (!signal.aborted) {
      const team = await readTeam(connection.session, options, { memory, ...(read === undefined ? {} : { read }) });
      const now = JSON.stringify(team, (key, value: unknown) => (key === 'at' ? null : value));
      if (!signal.aborted) show(team, now !== before);
      before = now;
      await delay(LOOK, undefined, { signal }).catch(() => {});
    }
  } finally {
    await connection.close();
  }
}
