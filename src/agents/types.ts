import type { GitFacts } from '../git/facts.ts';

/** Words of design section 7, as scripts see them. */
export const STATUSES = [
  'starting',
  'working',
  'waiting',
  'blocked',
  'idle',
  'done',
  'paused',
  'stuck',
  'failed',
  'exited',
  'unknown',
] as const;
export type AgentStatus = (typeof STATUSES)[number];

/** What a status rests on. */
export type StatusSource = 'process' | 'hook' | 'mcp' | 'title' | 'screen' | 'activity' | 'swarm';

/** An agent as `--json` shows it. Every key is always there; null = none or not known. */
export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly ticket: string | null;
  readonly role: string;
  readonly cli: string;
  readonly model: string | null;
  readonly status: AgentStatus;
  readonly reason: string | null;
  readonly source: StatusSource | null;
  readonly since: string;
  readonly unseen: boolean;
  /** A person has taken it over: nothing that waits is typed to it, and it gets no task. */
  readonly takenOver: boolean;
  readonly branch: string | null;
  readonly base: string | null;
  readonly worktree: string | null;
  readonly git: GitFacts | null;
  readonly tmux: {
    readonly socket: string | null;
    readonly session: string | null;
    readonly window: string | null;
    readonly pane: string | null;
  };
  readonly pid: number | null;
  readonly ports: Readonly<Record<string, number>>;
  readonly parent: string | null;
  readonly task: string | null;
  readonly host: string;
  /** The agent CLI's own id of the conversation. */
  readonly sessionId: string | null;
  readonly restarts: number;
  readonly budget: { readonly allocated: number | null; readonly consumed: number; readonly available: number | null };
  readonly createdAt: string;
  readonly lastActivityAt: string;
}

export type DeliveryState = 'delivered' | 'queued' | 'failed' | 'unknown';
export type Evidence = 'hook' | 'screen' | 'mcp' | 'argument';

/** How a prompt fared (design: section 7). */
export interface Delivery {
  readonly agent: string;
  /** Id of the message. */
  readonly message: string;
  readonly state: DeliveryState;
  readonly evidence: Evidence | null;
  /** Times that Enter was pressed, or 1 for an argument. */
  readonly attempts: number;
  readonly ms: number;
  readonly reason: string | null;
  /** What was changed in the text on its way: control sequences removed, a guarding space added. */
  readonly changes: readonly string[];
}
