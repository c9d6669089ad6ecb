import type { Session } from '../../agents/session.ts';
import { boardOf } from '../../board/context.ts';
import { postMessage } from '../../board/messages/post.ts';
import { PERSON, participantOfAgent } from '../../board/participants.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { MergeResult } from '../types.ts';

/** Tells an agent why its work did not get in, with what it needs to see why. */
export async function sendBack(
  session: Session,
  row: AgentRow,
  result: Pick<MergeResult, 'into' | 'state' | 'files' | 'log' | 'reason'>,
): Promise<void> {
  const { into, files, log, reason } = result;
  const named = files.length === 0 ? '' : ` Files: ${files.join(', ')}.`;
  const logged = log === null ? '' : ` What the gate wrote: ${log}`;
  await postMessage(boardOf(session), PERSON, {
    to: [participantOfAgent(row)],
    type: 'CONTEXT_UPDATE',
    text: `Your branch was not merged into ${into}: ${reason ?? result.state}.${named}${logged}`,
    payload: { into, state: result.state, files, log },
  });
}
