import type { Generated } from 'kysely';

/** Tables of the board. Who takes part is named by id: an agent's, `guest:NAME`, or `person`. */
export interface BoardSchema {
  participants: ParticipantRow;
  tokens: { agent_id: string; hash: string };
  tasks: TaskRow;
  task_dependencies: { task_id: string; depends_on: string };
  task_needs: { task_id: string; capability: string };
  task_scopes: { task_id: string; pattern: string };
  /** Patterns of scopes that may name the same file, both ways round, and each with itself. */
  scope_overlaps: { pattern: string; other: string };
  messages: MessageRow;
  memory: MemoryRow;
}

export interface ParticipantRow {
  id: string;
  kind: 'agent' | 'guest' | 'person';
  /** Of an agent: its last one; while it lives, the one in `agents` counts. */
  name: string;
  role: string;
  joined_at: string;
  last_seen_at: string;
  left_at: string | null;
}

export interface TaskRow {
  /** `task-001`. */
  id: string;
  seq: number;
  description: string;
  /** 1 is first. */
  priority: number;
  status: 'available' | 'claimed' | 'done' | 'failed' | 'blocked';
  /** Why somebody blocked it by hand; null otherwise. */
  held: string | null;
  /** Dependencies that are not done. */
  waiting_on: number;
  /** json: `{files, hints}`. */
  context: string;
  claimed_by: string | null;
  claimed_at: string | null;
  /** Who claimed it last: what they report late still counts. */
  last_by: string | null;
  /** How often it was claimed: with the owner, what fences a write. */
  attempt: number;
  /** How often it came back because its claim lapsed or its agent died, since a leader put it back last. */
  strandings: number;
  lease_until: string | null;
  /** json */
  result: string | null;
  /** Why it is as it is: released, failed, blocked. */
  reason: string | null;
  created_by: string;
  created_at: string;
  updated_at: string;
  done_at: string | null;
  /** Grows with every change. */
  version: number;
}

export interface MessageRow {
  seq: Generated<number>;
  id: string;
  from_id: string;
  to_id: string;
  type: string;
  /** 0 urgent, 1 normal, 2 low. */
  rank: number;
  task_id: string | null;
  /** json */
  payload: string;
  text: string;
  state: 'queued' | 'delivered' | 'seen' | 'answered' | 'expired' | 'unknown';
  reply_to: string | null;
  /** The same for all messages of one broadcast. */
  broadcast: string | null;
  created_at: string;
  expires_at: string | null;
  delivered_at: string | null;
  seen_at: string | null;
  /** What shows that it was seen: `mcp`, `cli`, `hook`, `screen`, `file`. */
  evidence: string | null;
  /** Who types it onto a screen just now, and until when that is believed. */
  holder: string | null;
  holder_until: string | null;
}

export interface MemoryRow {
  id: Generated<number>;
  /** Null: the team's. */
  owner: string | null;
  kind: string;
  text: string;
  task_id: string | null;
  created_by: string;
  created_at: string;
}
