import type { MessageRow } from '../../store/board-schema.ts';

/** What a message may be; the seeds' two vocabularies, answers, and free text. */
export const MESSAGE_TYPES = [
  'TASK_ASSIGNMENT',
  'STATUS_REQUEST',
  'TERMINATE',
  'CONTEXT_UPDATE',
  'STATUS_UPDATE',
  'QUESTION',
  'ANSWER',
  'TASK_COMPLETE',
  'ERROR',
  'TEXT',
] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** In the order in which they are handed over; the place in this list is the row's `rank`. */
export const PRIORITIES = ['urgent', 'normal', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/**
 * `queued`: nobody has it yet. `delivered`: it was handed over, and nothing shows yet that it was taken in. `seen`: something
 * does. `answered`: by a reply. `unknown`: it was being typed when whoever typed it died; it is never typed again, and
 * still is in the inbox.
 */
export const MESSAGE_STATES = ['queued', 'delivered', 'seen', 'answered', 'expired', 'unknown'] as const;
export type MessageState = MessageRow['state'];

/** States in which a message is still in the inbox. */
export const UNSEEN = ['queued', 'delivered', 'unknown'] as const satisfies readonly MessageState[];

/** What shows that a message was seen: the door through which it went. */
export type Evidence = 'mcp' | 'cli' | 'hook' | 'screen' | 'file' | 'reply';

/** An entry in somebody's inbox. */
export interface Message {
  readonly id: string;
  /** Names. */
  readonly from: string;
  readonly to: string;
  readonly type: MessageType;
  readonly priority: Priority;
  readonly taskId: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly state: MessageState;
  /** Id of the message that this one answers. */
  readonly replyTo: string | null;
  /** The same for all messages of one broadcast. */
  readonly broadcast: string | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly deliveredAt: string | null;
  readonly seenAt: string | null;
  readonly evidence: Evidence | null;
}

export function toMessage(row: StoredMessage, nameOf: (id: string) => string): Message {
  return {
    id: row.id,
    from: nameOf(row.from_id),
    to: nameOf(row.to_id),
    type: row.type as MessageType,
    priority: PRIORITIES[row.rank] ?? 'normal',
    taskId: row.task_id,
    payload: JSON.parse(row.payload),
    text: row.text,
    state: row.state,
    replyTo: row.reply_to,
    broadcast: row.broadcast,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    deliveredAt: row.delivered_at,
    seenAt: row.seen_at,
    evidence: row.evidence as Evidence | null,
  };
}

/** A row as it is read. */
export type StoredMessage = Omit<MessageRow, 'seq'> & { readonly seq: number };
