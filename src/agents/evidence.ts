import type { TitleState } from './clis/titles.ts';
import type { HookState } from './clis/types.ts';
import type { Question } from './question.ts';
import type { Look } from './screen.ts';
import type { AgentStatus } from './types.ts';

/** How long evidence is believed, in milliseconds. What was looked at is of now; the process has no shelf life. */
export const SHELF = {
  /** A hook against the screen and the title: a CLI draws after it has called its hooks. */
  hook: 800,
  /** A rest, or a screen that tells nothing, that only the screen shows: CLIs draw in steps, and rest between two tools. */
  confirm: 300,
  /** tmux tells to the second when a window wrote last. */
  grain: 2000,
} as const;

/** How the agent's process is, as tmux tells it. */
interface ProcessEvidence {
  readonly dead: boolean;
  /** Null when a signal ended it, or when nobody knows. */
  readonly exitStatus: number | null;
  readonly signal: number | null;
}

/** The latest event of the agent's own hooks, or of its calls of the board's tools, that told a state. */
export interface HookEvidence {
  readonly source: 'hook' | 'mcp';
  /** `PreToolUse Bash`: {@link HookState.detail}; `claim_task`. */
  readonly event: string;
  /** Milliseconds since 1970, as are all times here. */
  readonly at: number;
  readonly state: NonNullable<HookState['state']>;
  /** Until when it does just that, whatever its screen shows: a call that waits. Null: it is as old as it is. */
  readonly until: number | null;
  /** Of a rest: when the last event before it told of work. */
  readonly worked?: number;
}

/** What the board knows of the agent. */
export interface BoardEvidence {
  /** Its open question; `of`: the name of whom it asks, null for the person. */
  readonly asks: { readonly of: string | null; readonly text: string } | null;
  /** Id of the task that it holds. */
  readonly holds: string | null;
  /** Id of the task that it has reported done since its status is what it is. */
  readonly done: string | null;
}

/** All that a status rests on, strongest first: process, hook, title, screen, and how long nothing has moved. */
export interface Evidence {
  /** Null: it has no window. */
  readonly process: ProcessEvidence | null;
  readonly hook: HookEvidence | null;
  /** What its title says now. */
  readonly title: TitleState;
  /** The screen as it is now; null when it was not looked at. */
  readonly look: Look | null;
  /** What that screen asks. */
  readonly question: Question | null;
  /** Null: nothing is known. */
  readonly board: BoardEvidence | null;
  readonly previous: { readonly status: AgentStatus; readonly reason: string | null } | null;
  readonly now: number;
  readonly startedAt: number;
  /** When its screen changed last. */
  readonly lastChangeAt: number;
  /** Milliseconds without any sign of life after which an agent that starts or works is stuck. */
  readonly idleTimeoutMs: number;
}

/** A status with what it rests on. */
export interface FoldedStatus {
  readonly status: AgentStatus;
  /** Names the evidence. */
  readonly reason: string;
  readonly source: 'process' | 'hook' | 'mcp' | 'title' | 'screen' | 'swarm';
  /** Since when, where the evidence knows; else it is since now. */
  readonly at?: number;
  /** As {@link HookEvidence.worked}. */
  readonly worked?: number;
}
