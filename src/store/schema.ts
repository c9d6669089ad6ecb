import type { Generated } from 'kysely';
import type { BoardSchema } from './board-schema.ts';

/** Times are ISO 8601 in UTC; `json` columns hold JSON text; booleans are 0 or 1. The same types serve every database. */
export interface SessionSchema extends BoardSchema {
  meta: { key: string; value: string };
  agents: AgentRow;
  operations: OperationRow;
  steps: StepRow;
  deliveries: DeliveryRow;
  events: EventRow;
  leases: LeaseRow;
  removed: RemovedRow;
  live: LiveRow;
  merge_queue: MergeQueueRow;
}

export interface AgentRow {
  id: string;
  /** Unique among agents that are not removed. */
  name: string;
  /** The N of worker-N; null for a name the user chose. */
  number: number | null;
  ticket: string | null;
  role: string;
  cli: string;
  model: string | null;
  status: string;
  reason: string | null;
  source: string | null;
  since: string;
  unseen: number;
  branch: string | null;
  /** 1 when swarm made the branch. */
  branch_created: number;
  /** What the branch started from: a name for people, and the commit. */
  base: string | null;
  base_oid: string | null;
  worktree: string | null;
  /** 1 when swarm made the worktree, 0 when it was adopted. */
  worktree_created: number;
  tmux_window: string | null;
  tmux_pane: string | null;
  pid: number | null;
  pid_start: string | null;
  /** json: name → port. */
  ports: string;
  parent: string | null;
  task: string | null;
  host: string;
  /** The agent CLI's own id of the conversation. */
  conversation: string | null;
  restarts: number;
  /** json: arguments after `--`. */
  args: string;
  /** json: what spawn was asked for and a restart must know (noHooks, prompt file, …). */
  options: string;
  created_at: string;
  last_activity_at: string;
}

export interface OperationRow {
  id: string;
  kind: string;
  agent_id: string | null;
  /** json: what is needed to finish or undo it. */
  data: string;
  pid: number;
  pid_start: string | null;
  created_at: string;
  /** Null while it runs or after its owner died. */
  finished_at: string | null;
  outcome: string | null;
}

export interface StepRow {
  operation_id: string;
  name: string;
  state: 'begun' | 'done';
  /** json */
  data: string;
  at: string;
}

export interface DeliveryRow {
  id: string;
  agent_id: string;
  state: string;
  evidence: string | null;
  attempts: number;
  ms: number | null;
  reason: string | null;
  /** File below the session's folder that holds the text. */
  file: string;
  pid: number;
  pid_start: string | null;
  created_at: string;
  /** json: how to type it, of a prompt that waits for the supervisor to deliver it; null for others. */
  queued: string | null;
}

export interface EventRow {
  id: Generated<number>;
  at: string;
  agent: string | null;
  type: string;
  /** json */
  data: string;
}

export interface LeaseRow {
  name: string;
  pid: number;
  pid_start: string | null;
  /** Tells apart two holders inside one process. */
  token: string;
  at: string;
}

/** What `swarm rm` moved aside, for `swarm restore`. */
export interface RemovedRow {
  id: string;
  name: string;
  /** json: the agent's row. */
  agent: string;
  /** Where the worktree was moved, or null when it was kept or is gone. */
  path: string | null;
  branch: string | null;
  /** The branch's tip when it was deleted; null when it wasn't deleted. */
  branch_oid: string | null;
  removed_at: string;
}

/** What the supervisor saw of an agent last; only worth something while the supervisor lives. */
export interface LiveRow {
  agent_id: string;
  /** The process that was seen; another one since means that this is old. */
  pid: number | null;
  /** json: where its pane is; null without one. */
  tmux: string | null;
  /** json: its git facts; null when they were not read yet, or there is no worktree. */
  git: string | null;
  /** json: names of its ports on which something listens. */
  listening: string;
  /** json: what it asks; null when it asks nothing. */
  question: string | null;
}

/** A merge that waits for its turn, or had it. */
export interface MergeQueueRow {
  id: Generated<number>;
  agent_id: string;
  /** Its name when it was queued. */
  agent: string;
  into_branch: string;
  /** Null: what the config says then. */
  strategy: string | null;
  /** 1 is first. */
  priority: number;
  /** 1: the agent stays after it. */
  keep: number;
  /** 1: on a conflict the agent is given a task, and the merge waits for that. */
  rework: number;
  /** `requested`: a worker asks for it, and a leader has not said yes. `returned`: it was sent back, and waits for nothing. */
  state: 'requested' | 'queued' | 'running' | 'rework' | 'merged' | 'returned' | 'removed';
  /** The task that it waits for. */
  task_id: string | null;
  /** How often its agent was given such a task. */
  rounds: Generated<number>;
  /** Where the agent's branch was when it was given the last one. */
  tip: string | null;
  /** json: what the last try came to. */
  result: string | null;
  reason: string | null;
  created_at: string;
  updated_at: string;
}

/** States in which a merge still waits for something, or runs. */
export const OPEN_MERGES = ['requested', 'queued', 'running', 'rework'] as const satisfies MergeQueueRow['state'][];

/** Per user, over all repositories. */
export interface UserSchema {
  ports: PortRow;
  consents: ConsentRow;
  sessions: KnownSessionRow;
}

export interface PortRow {
  port: number;
  name: string;
  session_id: string;
  agent_id: string;
  /** The session's state folder: gone means that the lease is stale. */
  session_dir: string;
  at: string;
}

export interface ConsentRow {
  /** Repository and content, hashed. */
  key: string;
  repo: string;
  /** json: what was approved, for `swarm trust --list`. */
  what: string;
  at: string;
}

export interface KnownSessionRow {
  id: string;
  /** The git common directory. */
  common_dir: string;
  at: string;
}
