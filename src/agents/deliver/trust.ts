import type { DialogOption, Look } from '../screen.ts';
import { recordAnswer } from './answers.ts';
import { withKeyboard } from './keyboard.ts';
import { pressOption } from './press.ts';
import { nameOf } from './records.ts';
import type { Sight, Target } from './sight.ts';
import type { DeliveryRequest } from './types.ts';

/** Whose question is answered. */
export type Asking = Target & Pick<DeliveryRequest, 'db' | 'agentId' | 'agentName' | 'agentDir'>;

const YES = /^(?:yes|i trust|trust|accept|continue|proceed|allow|ok)\b/iu;
const NO = /\b(?:no|not|don't|exit|quit|cancel|without)\b/iu;

/** Answers a trust or onboarding question with yes, where the config says so: each question once. */
export async function answerTrust(request: Asking, seen: Sight, answered: Set<string>): Promise<void> {
  const { waiting } = seen.look;
  const option = waiting === null ? null : yesOf(waiting);
  if (waiting === null || option === null || answered.has(waiting.text)) return;
  answered.add(waiting.text);
  const { text } = waiting;
  const still = (now: Sight) =>
    now.look.waiting?.text === text
      ? (now.look.waiting.options.find(({ label }) => label === option.label) ?? null)
      : null;
  const { pressed } = await withKeyboard(request, () => pressOption(request, still));
  if (pressed === null) return;
  const agent = request.agentName ?? nameOf(request.agentDir);
  await recordAnswer(request.db, agent, { question: text, answer: option.label, key: pressed, by: 'config' });
}

function yesOf({ kind, options }: NonNullable<Look['waiting']>): DialogOption | null {
  if (kind !== 'trust' && kind !== 'onboarding') return null;
  return options.find(({ label }) => YES.test(label) && !NO.test(label)) ?? null;
}
