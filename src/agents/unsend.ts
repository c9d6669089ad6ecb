import { exit, UserError } from '../lib/errors.ts';
import { takeBackQueued } from './deliver/queue.ts';
import { forEachAgent, pickAgents, type TargetError } from './pick.ts';
import { recordEvent } from './records.ts';
import type { Session } from './session.ts';

export interface TakenBack {
  readonly agent: string;
  readonly prompts: number;
}

/**
 * Takes back the prompts of agents that wait for the supervisor.
 * @throws UserError exit 3 when none waits for any of them.
 */
export async function takeBackPrompts(
  session: Session,
  words: readonly string[],
  all: boolean,
): Promise<{ readonly takenBack: readonly TakenBack[]; readonly errors: readonly TargetError[] }> {
  const picked = await pickAgents(session, words, { all, prefix: true, several: true });
  const { done, errors } = await forEachAgent(picked, 1, async ({ id, name }) => {
    const prompts = await takeBackQueued(session.db, id, 'taken back before it was typed');
    if (prompts > 0) await recordEvent(session.db, name, 'prompts-taken-back', { prompts });
    return { agent: name, prompts };
  });
  const takenBack = done.filter(({ prompts }) => prompts > 0);
  if (takenBack.length > 0 || errors.length > 0) return { takenBack, errors };
  throw new UserError({
    code: 'NOTHING_QUEUED',
    exit: exit.notFound,
    message: `No prompt waits for ${done.map(({ agent }) => agent).join(', ')}.`,
    hint: 'swarm ls',
  });
}
