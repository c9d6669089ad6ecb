import { oneLine } from '../lib/text.ts';
import type { Board } from './context.ts';
import { postNotice } from './messages/post.ts';
import { countUnread } from './messages/unread.ts';
import { enter, type Participant } from './participants.ts';
import { listParticipants } from './roster.ts';

/** What one who goes leaves behind. */
export interface Departure {
  /** Messages in its inbox that it has not seen. */
  readonly unread: number;
  /** Ids of those who were told that their question is not answered any more: their bells are to be rung. */
  readonly told: readonly string[];
}

/** Characters of a question that are repeated to who asked it. */
const PREVIEW = 200;

/**
 * Closes the questions that somebody has not answered and never will, and tells who asked. For the transaction in which it
 * goes: whoever asks later finds nobody to ask.
 */
export async function takeLeave(within: Board, gone: Participant): Promise<Departure> {
  const unread = await countUnread(within.db, gone.id);
  const closed = await within.db
    .updateTable('messages')
    .set({ state: 'expired', holder: null, holder_until: null })
    .where('to_id', '=', gone.id)
    .where('type', '=', 'QUESTION')
    .where('state', 'in', ['queued', 'delivered', 'seen', 'unknown'])
    .returning(['id', 'from_id', 'text'])
    .execute();
  if (closed.length === 0) return { unread, told: [] };
  // Known by name also when it is gone.
  const from = await enter(within, gone);
  const here = await listParticipants(within);
  const told = new Set<string>();
  for (const { id, from_id, text } of closed) {
    const asker = here.find((one) => one.id === from_id && one.id !== gone.id);
    if (asker === undefined) continue;
    const words = `${gone.name} was removed and answers no more: ${oneLine(text, PREVIEW)}`;
    await postNotice(within, from, [asker], { type: 'STATUS_UPDATE', text: words, replyTo: id });
    told.add(asker.id);
  }
  return { unread, told: [...told] };
}
