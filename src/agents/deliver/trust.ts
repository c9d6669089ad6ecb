import { poll } from '../../lib/poll.ts';
import type { DialogOption, Look } from '../screen.ts';
import { recordAnswer } from './answers.ts';
import { withKeyboard } from './keyboard.ts';
import { pressOption } from './press.ts';
import { nameOf } from './records.ts';
import { PACE, type Sight, see, type Target } from './sight.ts';
import type { DeliveryRequest } from './types.ts';

/** Whose question is answered. */
export type Asking = Target & Pick<DeliveryRequest, 'db' | 'agentId' | 'agentName' | 'agentDir'>;

const YES = /^(?:yes|i trust|trust|accept|continue|proceed|allow|ok)\b/iu;
const NO = /\b(?:no|not|don't|exit|quit|cancel|without)\b/iu;

/** Milliseconds that an answer gets to show. */
const SHOWS = 1500;

/** How often a question is answered that stays: a CLI may draw it before it reads keys. */
const MOST = 3;

/** How often each question was answered, by its text. */
export type Answered = Map<string, number>;

/** Answers a trust or onboarding question with yes, where the config says so; again only while the same one stays. */
export async function answerTrust(request: Asking, seen: Sight, answered: Answered): Promise<void> {
  const { waiting } = seen.look;
  const option = waiting === null ? null : yesOf(waiting);
  if (waiting === null || option === null) return;
  const { text } = waiting;
  const times = answered.get(text) ?? 0;
  if (times >= MOST) return;
  answered.set(text, times + 1);
  const still = (now: Sight) =>
    now.look.waiting?.text === text
      ? (now.look.waiting.options.find(({ label }) => label === option.label) ?? null)
      : null;
  const gone = async () => {
    const now = await see(request);
    return now === null || still(now) === null ? true : null;
  };
  const pressed = await withKeyboard(request, async () => {
    const result = await pressOption(request, still);
    if (result.pressed === null) return null;
    return (await poll(gone, { timeout: SHOWS, every: PACE })) === null ? null : result.pressed;
  });
  if (pressed === null) return;
  const agent = request.agentName ?? nameOf(request.agentDir);
  await recordAnswer(request.db, agent, { question: text, answer: option.label, key: pressed, by: 'config' });
}

function yesOf({ kind, options }: NonNullable<Look['waiting']>): DialogOption | null {
  if (kind !== 'trust' && kind !== 'onboarding') return null;
  return options.find(({ label }) => YES.test(label) && !NO.test(label)) ?? null;
}
