import { existsSync } from 'node:fs';
import type { GitFacts } from '../git/facts.ts';
import type { SessionDb } from '../store/open.ts';
import type { AgentRow } from '../store/schema.ts';
import type { PaneFacts } from '../tmux/panes.ts';
import type { Question } from './question.ts';
import type { Session } from './session.ts';
import { isSupervised, supervisorLaunch } from './supervised.ts';

/** Where an agent's pane is. */
export type PanePlace = Pick<PaneFacts, 'sessionName' | 'window' | 'pane'>;

/** What the supervisor saw of an agent last. */
export interface LiveFacts {
  /** The process that was seen. */
  readonly pid: number | null;
  readonly place: PanePlace | null;
  /** Null: not read yet, or there is no worktree. */
  readonly git: GitFacts | null;
  /** Names of its ports on which something listens. */
  readonly listening: readonly string[];
  readonly question: Question | null;
}

/** What the supervisor knows, by agent's id. Old unless one keeps watch: see {@link freshFacts}. */
async function readLiveFacts(db: SessionDb): Promise<Map<string, LiveFacts>> {
  const rows = await db.selectFrom('live').selectAll().execute();
  return new Map(
    rows.map((row) => [
      row.agent_id,
      {
        pid: row.pid,
        place: row.tmux === null ? null : (JSON.parse(row.tmux) as PanePlace),
        git: row.git === null ? null : (JSON.parse(row.git) as GitFacts),
        listening: JSON.parse(row.listening) as string[],
        question: row.question === null ? null : (JSON.parse(row.question) as Question),
      },
    ]),
  );
}

/** Keeps what was seen of an agent. */
export async function writeLiveFacts(db: SessionDb, agentId: string, facts: LiveFacts): Promise<void> {
  const values = {
    pid: facts.pid,
    tmux: facts.place === null ? null : JSON.stringify(facts.place),
    git: facts.git === null ? null : JSON.stringify(facts.git),
    listening: JSON.stringify(facts.listening),
    question: facts.question === null ? null : JSON.stringify(facts.question),
  };
  await db
    .insertInto('live')
    .values({ agent_id: agentId, ...values })
    .onConflict((conflict) => conflict.column('agent_id').doUpdateSet(values))
    .execute();
}

/** Forgets what was seen of these agents; of all when none are named. */
export async function forgetLiveFacts(db: SessionDb, agentIds?: readonly string[]): Promise<void> {
  const all = db.deleteFrom('live');
  if (agentIds === undefined) await all.execute();
  else if (agentIds.length > 0) await all.where('agent_id', 'in', agentIds).execute();
}

/**
 * The supervisor's facts of all these agents, if one keeps watch and has seen each of them as it is now; else null:
 * whoever asks has to look.
 */
export async function freshFacts(
  session: Session,
  rows: readonly AgentRow[],
): Promise<ReadonlyMap<string, LiveFacts> | null> {
  if (!(await isSupervised(session.repo))) {
    // One is wanted, and none lives: tmux may have missed its death, and then does not start it again.
    if (existsSync(supervisorLaunch(session.repo))) await session.tmux.reap();
    return null;
  }
  const facts = await readLiveFacts(session.db);
  const known = ({ id, pid, worktree }: AgentRow) => {
    const seen = facts.get(id);
    return seen !== undefined && seen.pid === pid && (worktree === null || seen.git !== null);
  };
  return rows.every(known) ? facts : null;
}
