import { crashPoint } from '../../lib/crash.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { relaxed } from '../../store/relaxed.ts';
import { ring } from '../bell.ts';
import type { Board } from '../context.ts';
import { recordEvent } from '../events.ts';
import type { Participant } from '../participants.ts';
import { namesOf } from '../roster.ts';
import type { Reader } from './inbox.ts';
import { settleInbox } from './settle.ts';
import {
  type Evidence,
  type Message,
  type MessageState,
  type MessageType,
  type StoredMessage,
  toMessage,
  UNSEEN,
} from './types.ts';

/** Which messages are listed. */
export interface MessageFilter {
  /** Ids of participants. */
  readonly to?: string | undefined;
  readonly from?: string | undefined;
  readonly states?: readonly MessageState[] | undefined;
  readonly types?: readonly MessageType[] | undefined;
  readonly taskId?: string | undefined;
  /** The newest so many. Default: 100. */
  readonly limit?: number | undefined;
}

/** Says of messages in one's own inbox that they were taken in, and by what that shows. @returns the ids of those that were not before. */
export async function markSeen(
  board: Board,
  me: Reader,
  ids: readonly string[],
  evidence: Evidence,
): Promise<string[]> {
  if (ids.length === 0) return [];
  crashPoint('message:seen:begun');
  const now = new Date().toISOString();
  // A power cut may make them unseen again, and they come once more.
  const seen = await relaxed(board.db, async (db) => {
    const rows = await db
      .updateTable('messages')
      .set((eb) => ({
        state: 'seen' as const,
        seen_at: now,
        delivered_at: eb.fn.coalesce('delivered_at', eb.val(now)),
        evidence,
        holder: null,
        holder_until: null,
      }))
      .where('to_id', '=', me.id)
      .where('id', 'in', ids)
      .where('state', 'in', UNSEEN)
      .returning(['id', 'from_id'])
      .execute();
    if (rows.length > 0) await recordEvent(db, me.name, 'message-seen', { ids: rows.map(({ id }) => id), evidence });
    return rows;
  });
  if (seen.length > 0) ring(board, ...seen.map(({ from_id }) => from_id));
  return seen.map(({ id }) => id);
}

/** Messages as they stand, the oldest first. Who doesn't lead sees those from and to itself. */
export async function listMessages(
  board: Board,
  viewer: Participant,
  { to, from, states, types, taskId, limit = 100 }: MessageFilter = {},
): Promise<Message[]> {
  await settleInbox(board);
  let query = board.db.selectFrom('messages').selectAll();
  if (!viewer.leads) query = query.where((eb) => eb.or([eb('to_id', '=', viewer.id), eb('from_id', '=', viewer.id)]));
  if (to !== undefined) query = query.where('to_id', '=', to);
  if (from !== undefined) query = query.where('from_id', '=', from);
  if (states !== undefined) query = query.where('state', 'in', states);
  if (types !== undefined) query = query.where('type', 'in', types);
  if (taskId !== undefined) query = query.where('task_id', '=', taskId);
  const rows = await query.orderBy('seq', 'desc').limit(limit).execute();
  const nameOf = await namesOf(board);
  return rows.toReversed().map((row) => toMessage(row, nameOf));
}

/** The message with this id, or whose id alone begins so. @throws UserError exit 3 when there is none that the viewer may see. */
export async function findMessage(board: Board, viewer: Participant, word: string): Promise<Message> {
  return toMessage(await rowOf(board, viewer, word), await namesOf(board));
}

/** Messages that were acknowledged, and words that name none of one's own. */
export interface Acknowledged {
  readonly messages: readonly Message[];
  readonly errors: readonly { readonly id: string; readonly error: UserError }[];
}

/** {@link markSeen} for messages that somebody names; all are tried. */
export async function ackMessages(
  board: Board,
  me: Participant,
  words: readonly string[],
  evidence: Evidence,
): Promise<Acknowledged> {
  const ids: string[] = [];
  const errors: { id: string; error: UserError }[] = [];
  for (const word of words) {
    try {
      const { id, to_id, state } = await rowOf(board, me, word);
      if (to_id !== me.id) throw notAckable('NOT_YOURS', `${word} is a message to somebody else.`, id);
      if (state === 'expired') throw notAckable('EXPIRED', `${word} has expired: nobody read it in time.`, id);
      ids.push(id);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      errors.push({ id: word, error });
    }
  }
  await markSeen(board, me, ids, evidence);
  const messages: Message[] = [];
  for (const id of new Set(ids)) messages.push(await findMessage(board, me, id));
  return { messages, errors };
}

async function rowOf(board: Board, viewer: Participant, word: string): Promise<StoredMessage> {
  await settleInbox(board);
  const prefix = word.toLowerCase();
  const rows = /^[0-9a-f][0-9a-f-]{3,35}$/.test(prefix)
    ? await board.db
        .selectFrom('messages')
        .selectAll()
        .where('id', '>=', prefix)
        // Behind every id that begins so: ids have no letter after f.
        .where('id', '<', `${prefix}g`)
        .limit(5)
        .execute()
    : [];
  const visible = rows.filter(({ to_id, from_id }) => viewer.leads || [to_id, from_id].includes(viewer.id));
  const [row, ...others] = visible;
  if (row !== undefined && others.length === 0) return row;
  const candidates = visible.map(({ id }) => id);
  throw new UserError({
    code: row === undefined ? 'NO_SUCH_MESSAGE' : 'AMBIGUOUS_MESSAGE',
    exit: exit.notFound,
    message:
      row === undefined
        ? `There is no message '${word}' from or to you. Expected an id, or at least its first four characters.`
        : `Several messages begin with '${word}': ${candidates.join(', ')}.`,
    hint: 'swarm msg list',
    details: { id: word, candidates },
  });
}

function notAckable(code: string, message: string, id: string): UserError {
  return new UserError({
    code,
    exit: exit.refused,
    message,
    hint: `swarm msg show ${id.slice(0, 8)}`,
    details: { id },
  });
}
