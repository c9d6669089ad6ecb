import { setTimeout as delay } from 'node:timers/promises';
import { connected } from './connection.ts';
import { listRestorable, type Restorable } from './life/restorable.ts';
import { type Known, listAgents, rememberFacts } from './list.ts';
import { Memory } from './memory.ts';
import type { Session } from './session.ts';
import type { Agent } from './types.ts';

/** What `swarm ls` shows. */
export interface Team {
  /** In the order of creation, paused ones too. */
  readonly agents: readonly Agent[];
  /** Those that `swarm restore` can bring back, the last first; null when they were not asked for. */
  readonly removed: readonly Restorable[] | null;
}

export interface TeamOptions {
  /** Removed agents too. */
  readonly all: boolean;
  /** Everything is looked at now, rather than taken from a supervisor, or remembered for a while. */
  readonly fresh: boolean;
}

/** Milliseconds between two looks, and for which git facts are good meanwhile: each agent's cost several processes. */
const LOOK = 1000;
const FACTS = 5000;

/** The team as it is now. */
export async function readTeam(session: Session, options: TeamOptions, how: Known = {}): Promise<Team> {
  const [agents, removed] = await Promise.all([
    listAgents(session, { fresh: options.fresh, ...how }),
    options.all ? listRestorable(session) : null,
  ]);
  return { agents, removed };
}

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
