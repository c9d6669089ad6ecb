import { changeMark } from '../store/change-mark.ts';
import { type Restored, restoredLately } from '../store/restored.ts';
import type { AgentRow } from '../store/schema.ts';
import { type Conflict, keptConflicts } from './collisions.ts';
import { connected } from './connection.ts';
import { queuedPrompts } from './deliver/queue.ts';
import { baseTips, rememberFacts } from './list.ts';
import { freshFacts } from './live-facts.ts';
import { Memory } from './memory.ts';
import { observe, panesOf } from './observe.ts';
import { namesAmong, OpenPorts } from './open-ports.ts';
import type { Question } from './question.ts';
import { agentById, allAgents, toAgent } from './records.ts';
import { parseScreen, type Screen } from './screen.ts';
import type { Session } from './session.ts';
import { isSupervised } from './supervised.ts';
import type { Agent } from './types.ts';

/** An agent with what is worth knowing only now. */
export interface LiveAgent {
  readonly agent: Agent;
  /** What it asks on its screen; null when it asks nothing. */
  readonly question: Question | null;
  /** Names of its ports on which something listens. */
  readonly listening: readonly string[];
  /** Prompts that wait for it. */
  readonly queued: number;
  /** Where its work collides with others', or with the branch that it goes to; as a supervisor keeps it. */
  readonly conflicts: readonly Conflict[];
}

/** What a look at an agent itself tells. */
type Seen = Omit<LiveAgent, 'queued' | 'conflicts'>;

export interface LiveTeam {
  /** In the order of creation; the same array as long as nothing has changed. */
  readonly agents: readonly LiveAgent[];
  /** Whether this is what a supervisor saw; else it was looked at just now. */
  readonly supervisor: boolean;
  /** The database came back from a backup in the last 24 hours. */
  readonly restored: Restored | null;
  /** ISO 8601. */
  readonly at: string;
}

/** The team for who looks again and again, over one connection to tmux. */
export interface Live {
  look(): Promise<LiveTeam>;
  /** An agent's screen as it is now; null without a window. */
  screen(agentId: string): Promise<Screen | null>;
  close(): Promise<void>;
}

/** Milliseconds after which all is read again, although nothing has changed in the database. */
const AGAIN = 10_000;
/** Milliseconds for which git facts are good where no supervisor keeps them: each agent's cost several processes. */
const FACTS = 5000;

export function openLive(opened: Session): Live {
  const { session, close } = connected(opened);
  const memory = new Memory();
  const ports = new OpenPorts();
  const read = rememberFacts(FACTS);

  const known = async (rows: readonly AgentRow[]): Promise<Seen[] | null> => {
    const facts = await freshFacts(session, rows);
    if (facts === null) return null;
    return rows.map((row) => {
      const { git = null, place = null, question = null, listening = [] } = facts.get(row.id) ?? {};
      return { agent: toAgent(session, row, git, place), question, listening };
    });
  };
  const seen = async (rows: readonly AgentRow[]): Promise<Seen[]> => {
    const tips = baseTips(session);
    const [team, open] = await Promise.all([observe(session, rows, memory), ports.among(rows)]);
    return Promise.all(
      team.map(async ({ row, pane, asked }) => ({
        agent: toAgent(session, row, await read(row, tips).catch(() => null), pane),
        question: asked?.question ?? null,
        listening: namesAmong(row, open),
      })),
    );
  };
  let last: { readonly team: LiveTeam; readonly mark: string; readonly at: number } | null = null;
  const look = async (): Promise<LiveTeam> => {
    const rows = await allAgents(session.db);
    const fresh = await known(rows);
    const waiting = await queuedPrompts(session.db);
    const conflicts = (fresh === null ? null : await keptConflicts(session.db, rows)) ?? [];
    const agents = (fresh ?? (await seen(rows))).map((live) => ({
      ...live,
      queued: waiting.filter(({ agentId }) => agentId === live.agent.id).length,
      conflicts: conflicts.filter(({ a, b }) => a === live.agent.name || b === live.agent.name),
    }));
    const restored = await restoredLately(session.db);
    return { agents, supervisor: fresh !== null, restored, at: new Date().toISOString() };
  };
  return {
    async look() {
      const mark = await changeMark(session.db, session.repo.stateDir);
      const same = last?.mark === mark && performance.now() - last.at < AGAIN && (await isSupervised(session.repo));
      if (same && last !== null) return last.team;
      const team = await look();
      // What no supervisor keeps in the database is elsewhere, and changes without it.
      last = team.supervisor ? { team, mark, at: performance.now() } : null;
      return team;
    },
    async screen(agentId) {
      const row = await agentById(session.db, agentId);
      const pane = row && (await panesOf(session, [row])).get(row.id);
      const shot = pane && (await session.tmux.snapshot([pane.pane])).get(pane.pane);
      return shot ? parseScreen(shot.text, shot) : null;
    },
    close,
  };
}
