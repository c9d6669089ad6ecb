import { saidIn } from '../../board/messages/payload.ts';
import type { Message } from '../../board/messages/types.ts';
import type { AgentCli } from '../clis/types.ts';

/** Characters of an id that are shown: enough to name it by. */
const SHORT = 8;

/** A message of the board as it is typed onto a screen: whose it is, what it says, and how to reply in few words. */
export function messageText(message: Message, { paste }: Pick<AgentCli, 'paste'>): string {
  const { from, type, taskId, priority } = message;
  const id = message.id.slice(0, SHORT);
  const what = type === 'TEXT' ? 'message' : type;
  const about = taskId === null ? '' : ` about ${taskId}`;
  const urgent = priority === 'urgent' ? 'urgent ' : '';
  const lines = [
    `[${urgent}${what} from ${from}${about}, id ${id}] ${saidIn(message).trimEnd()}`,
    ...howTo(message, id),
  ];
  // A program that reads lines would take each for a prompt of its own.
  return paste === 'line' ? lines.join(' ').replace(/\s*\n\s*/g, ' ') : lines.join('\n');
}

/** What to type instead of one that is too long for the program. */
export function pointerText({ from, id }: Message): string {
  return `[message from ${from}, id ${id.slice(0, SHORT)}] It is too long to be typed here: swarm msg show ${id.slice(0, SHORT)}`;
}

function howTo({ type, payload }: Message, id: string): string[] {
  switch (type) {
    case 'QUESTION': {
      const options = Array.isArray(payload['options']) ? payload['options'].map(String) : [];
      const choice = options.length === 0 ? [] : [`(Options: ${options.join(' | ')})`];
      return [...choice, `(Answer it: swarm answer ${id} "..." or the tool answer_question.)`];
    }
    case 'TEXT':
    case 'STATUS_REQUEST':
      return [`(To reply: swarm msg send --reply-to ${id} "..." or the tool send_message.)`];
    default:
      return [];
  }
}
