import { poll } from '../../lib/poll.ts';
import type { DialogOption } from '../screen.ts';
import { nameOf } from './records.ts';
import { PACE, type Sight, see, type Target } from './sight.ts';
import type { DeliveryRequest } from './types.ts';

/** Whose question is answered. */
export type Asking = Target & Pick<DeliveryRequest, 'db' | 'agentName' | 'agentDir'>;

const YES = /^(?:yes|i trust|trust|accept|continue|proceed|allow|ok)\b/iu;
const NO = /\b(?:no|not|don't|exit|quit|cancel|without)\b/iu;

/** Milliseconds until a moved selection is seen. */
const MOVE = 1500;

/**
 * Answers a trust or onboarding question with yes, where the config says so: each question once. The selection is moved
 * first and seen to have moved: the answer chosen beforehand is often No, and a blind Enter would end the agent.
 */
export async function answerTrust(request: Asking, seen: Sight, answered: Set<string>): Promise<void> {
  const { waiting } = seen.look;
  if (waiting === null || (waiting.kind !== 'trust' && waiting.kind !== 'onboarding')) return;
  const option = waiting.options.find(({ label }) => YES.test(label) && !NO.test(label));
  if (!option || answered.has(waiting.text)) return;
  const keys = option.key.split(' ').filter((key) => key !== '');
  const last = keys.at(-1);
  if (last === undefined) return;
  answered.add(waiting.text);
  const guard = { pid: request.pid };
  const moves = option.selected ? [] : keys.slice(0, -1);
  if (moves.length > 0 && (await request.tmux.keys(request.pane, guard, moves)).refused !== null) return;
  const there = await poll(() => stillAsks(request, waiting.text, option, moves.length > 0), {
    timeout: MOVE,
    every: PACE,
  });
  if (there === null) return;
  const pressed = await request.tmux.keys(request.pane, { ...guard, cursor: there.facts.cursor }, [last]);
  if (pressed.refused === null) await recordAnswer(request, waiting.text, option);
}

/** The same question, with the wanted answer selected if it takes moving there. */
async function stillAsks(request: Asking, text: string, option: DialogOption, moved: boolean): Promise<Sight | null> {
  const seen = await see(request);
  if (seen === null || seen.look.waiting?.text !== text) return null;
  const now = seen.look.waiting.options.find(({ label }) => label === option.label);
  return now !== undefined && (!moved || now.selected) ? seen : null;
}

async function recordAnswer(request: Asking, text: string, option: DialogOption): Promise<void> {
  const data = { question: text, answer: option.label };
  await request.db
    .insertInto('events')
    .values({
      at: new Date().toISOString(),
      agent: request.agentName ?? nameOf(request.agentDir),
      type: 'dialog-answered',
      data: JSON.stringify(data),
    })
    .execute();
}
