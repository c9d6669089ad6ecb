import type { Action } from '../bindings.ts';
import type { Ask, Choice } from '../dialogs.ts';
import type { Step } from '../protocol.ts';
import type { Model } from '../state.ts';
import { change, closed, type Handler, still } from './step.ts';

/** Milliseconds in which a question that opened by itself takes no yes: the key was meant for the list. */
const UNAWARE = 400;

const asked =
  (work: (model: Model, ask: Ask, now: number) => Step): Handler =>
  (model, now) =>
    model.mode.kind === 'ask' ? work(model, model.mode.ask, now) : still(model);

const chosen =
  (work: (model: Model, choice: Choice) => Step): Handler =>
  (model) =>
    model.mode.kind === 'choose' ? work(model, model.mode.choice) : still(model);

function moved(model: Model, choice: Choice, by: number): Step {
  const to = Math.max(0, Math.min(choice.cursor + by, choice.options.length - 1));
  return change(model, { mode: { kind: 'choose', choice: { ...choice, cursor: to } } });
}

const cursor = (by: number) => chosen((model, choice) => moved(model, choice, by));

/** Whom a yes is about is marked no more. */
function markedAfter({ marked }: Model, { onYes }: Ask): ReadonlySet<string> {
  if (!('agents' in onYes)) return marked;
  return new Set([...marked].filter((id) => !onYes.agents.includes(id)));
}

/** Keys of a question to the person, and of a choice. */
export const ASK = {
  yes: asked((model, ask, now) =>
    now < ask.since + UNAWARE ? still(model) : closed({ ...model, marked: markedAfter(model, ask) }, ask.onYes),
  ),
  no: asked((model, ask) => (ask.onNo === null ? closed(model) : closed(model, ask.onNo))),
  'choose-down': cursor(1),
  'choose-up': cursor(-1),
  'choose-take': chosen((model, { options, cursor: at }) => {
    const option = options[at];
    return option === undefined ? closed(model) : closed(model, option.effect);
  }),
  'choose-cancel': (model) => closed(model),
} as const satisfies Partial<Record<Action, Handler>>;

/** Where no option has them as its own key, they move as in the list. */
const MOVES: Readonly<Record<string, number>> = { j: 1, k: -1 };

/** A key that stands for one of the options, or goes to another one. */
export function chooseKey(model: Model, key: string): Step {
  if (model.mode.kind !== 'choose') return still(model);
  const { choice } = model.mode;
  const option = choice.options.find((one) => one.key === key);
  if (option !== undefined) return closed(model, option.effect);
  return Object.hasOwn(MOVES, key) ? moved(model, choice, MOVES[key] ?? 0) : still(model);
}
