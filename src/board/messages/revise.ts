import { exit, UserError } from '../../lib/errors.ts';
import { ring } from '../bell.ts';
import { type Board, transact } from '../context.ts';
import { recordEvent } from '../events.ts';
import type { Participant } from '../participants.ts';
import { namesOf } from '../roster.ts';
import { checkText } from './limits.ts';
import { findMessage } from './receipts.ts';
import { type Message, type StoredMessage, toMessage } from './types.ts';

/** Takes back a message that nobody has been handed yet: by who sent it, or who leads. @throws UserError exit 3 or 4 */
export function takeBackMessage(board: Board, by: Participant, id: string): Promise<Message> {
  return revise(board, by, id, 'message-taken-back', () => ({ state: 'expired' }));
}

/** Puts other words into it. @throws UserError exit 2, 3 or 4 */
export function rewordMessage(board: Board, by: Participant, id: string, text: string): Promise<Message> {
  return revise(board, by, id, 'message-reworded', ({ type }) => ({ text: checkText(text, type) }));
}

async function revise(
  board: Board,
  by: Participant,
  id: string,
  event: string,
  patchOf: (message: Message) => Partial<Pick<StoredMessage, 'state' | 'text'>>,
): Promise<Message> {
  const message = await findMessage(board, by, id);
  if (!by.leads && message.from !== by.name) throw refused(message, `${message.from} wrote it`);
  const row = await transact(board, async ({ db }) => {
    const changed = await db
      .updateTable('messages')
      .set(patchOf(message))
      .where('id', '=', message.id)
      .where('state', '=', 'queued')
      // Not while it is being typed.
      .where('holder', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (changed === undefined) return null;
    await recordEvent(db, by.name, event, { ids: [message.id], to: message.to });
    return changed;
  });
  if (row === null) throw refused(message, whyNot(await findMessage(board, by, message.id)));
  ring(board, row.to_id, row.from_id);
  return toMessage(row, await namesOf(board));
}

/** Why it is too late. */
function whyNot({ to, state }: Message): string {
  if (state === 'expired') return 'nobody will be given it any more, since it was taken back or its time was up';
  return state === 'queued' ? `it is typed to ${to} just now` : `${to} has been given it already`;
}

function refused({ id, to }: Message, why: string): UserError {
  return new UserError({
    code: 'NOT_REVISABLE',
    exit: exit.refused,
    message: `The message to ${to} can't be changed or taken back: ${why}.`,
    hint: `swarm msg show ${id}`,
    details: { id },
  });
}
