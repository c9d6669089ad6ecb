import { type AskedPerson, askedPerson } from '../board/asked.ts';
import { countUnread } from '../board/messages/unread.ts';
import { PERSON_ID } from '../board/participants.ts';
import { type Restored, restoredLately } from '../store/restored.ts';
import type { AgentRow } from '../store/schema.ts';
import { type Conflict, keptConflicts } from './collisions.ts';
import { type MassDeath, restartsPaused } from './life/mass-death.ts';
import { listRestorable, type Restorable } from './life/restorable.ts';
import type { Known } from './list.ts';
import { freshFacts, type LiveFacts } from './live-facts.ts';
import { allAgents, toAgent } from './records.ts';
import type { Session } from './session.ts';
import type { Agent } from './types.ts';

/** What `swarm ls` shows. */
export interface Team {
  /** In the order of creation, paused ones too. */
  readonly agents: readonly Agent[];
  /** Those that `swarm restore` can bring back, the last first; null when they were not asked for. */
  readonly removed: readonly Restorable[] | null;
  /** Questions of the board that wait for the person, the most urgent first. */
  readonly questions: readonly AskedPerson[];
  /** Messages for the person, apart from questions, that they have not seen. */
  readonly unread: number;
  /** Many died at once, and crashed agents are not started again until `swarm up`; null while they are. */
  readonly massDeath: Pick<MassDeath, 'at' | 'names'> | null;
  /** The database was damaged, and came back from a backup in the last 24 hours; null when it did not. */
  readonly databaseRestored: Restored | null;
  /** Whose work collides with whose, as the supervisor keeps it; null while none keeps watch (`swarm conflicts` looks). */
  readonly conflicts: readonly Conflict[] | null;
}

export interface TeamOptions {
  /** Removed agents too. */
  readonly all: boolean;
  /** Everything is looked at now, rather than taken from a supervisor, or remembered for a while. */
  readonly fresh: boolean;
}

/**
 * The team as it is now: as the supervisor has seen it last (under a second ago), or by a look of our own where none keeps
 * watch. `fresh` looks in any case.
 */
export async function readTeam(session: Session, options: TeamOptions, how: Known = {}): Promise<Team> {
  const rows = await allAgents(session.db);
  const known = options.fresh ? null : await freshFacts(session, rows);
  const death = await restartsPaused(session.db);
  const databaseRestored = await restoredLately(session.db);
  const [agents, removed, questions, unread, conflicts] = await Promise.all([
    known === null ? look(session, rows, how) : rows.map((row) => agentAs(session, row, known.get(row.id))),
    options.all ? listRestorable(session) : null,
    askedPerson(session.db),
    countUnread(session.db, PERSON_ID, { questions: false }),
    known === null ? null : keptConflicts(session.db, rows),
  ]);
  const massDeath = death && { at: death.at, names: death.names };
  return { agents, removed, questions, unread, massDeath, databaseRestored, conflicts };
}

function agentAs(session: Session, row: AgentRow, facts: LiveFacts | undefined): Agent {
  return toAgent(session, row, facts?.git ?? null, facts?.place ?? null);
}

/** What reads screens is loaded only where somebody has to look. */
async function look(session: Session, rows: readonly AgentRow[], how: Known): Promise<Agent[]> {
  const { lookAtAll } = await import('./list.ts');
  return lookAtAll(session, rows, how);
}
