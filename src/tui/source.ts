import { listAgents, rememberFacts } from '../agents/list.ts';
import { panesOf } from '../agents/observe.ts';
import { agentById } from '../agents/records.ts';
import { type DialogOption, parseScreen, type Screen, type WaitingKind } from '../agents/screen.ts';
import type { Session } from '../agents/session.ts';
import type { Agent } from '../agents/types.ts';

/** What an agent asks, as it is on its screen now. */
export interface Question {
  readonly kind: WaitingKind;
  readonly text: string;
  readonly subject: null | {
    readonly kind: 'command' | 'edit' | 'read' | 'fetch' | 'tool';
    readonly what: string;
  };
  /** A rate limit's end, ISO 8601. */
  readonly until: string | null;
  readonly options: readonly DialogOption[];
}

export interface LiveAgent {
  readonly agent: Agent;
  readonly question: Question | null;
  /** Names of ports that something listens on. */
  readonly listening: readonly string[];
  /** Prompts that wait for it. */
  readonly queued: number;
}

export interface LiveTeam {
  readonly agents: readonly LiveAgent[];
  readonly supervisor: boolean;
  readonly at: string;
}

export interface Live {
  look(): Promise<LiveTeam>;
  /** Null: no window. */
  screen(agentId: string): Promise<Screen | null>;
  close(): Promise<void>;
}

/** Milliseconds for which git facts are good. */
const FACTS = 5000;

/** Looks at the team without a supervisor's help. */
export function openLive(session: Session): Live {
  const read = rememberFacts(FACTS);
  return {
    async look() {
      const agents = await listAgents(session, read);
      const live = agents.map((agent) => ({ agent, question: null, listening: [], queued: 0 }));
      return { agents: live, supervisor: false, at: new Date().toISOString() };
    },
    async screen(agentId) {
      const row = await agentById(session.db, agentId);
      const pane = row && (await panesOf(session, [row])).get(row.id);
      const shot = pane && (await session.tmux.snapshot([pane.pane])).get(pane.pane);
      return shot ? parseScreen(shot.text, shot) : null;
    },
    close: async () => {},
  };
}
