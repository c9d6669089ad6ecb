import type { Action } from '../bindings.ts';
import type { Step } from '../protocol.ts';
import type { Model } from '../state.ts';
import { change, still } from './step.ts';

const STEP = 5;

const scroll = (model: Model, by: number): Step =>
  model.mode.kind === 'help'
    ? change(model, { mode: { kind: 'help', top: Math.max(0, model.mode.top + by) } })
    : still(model);

/** Keys inside the help. */
export const HELP = {
  'help-down': (model) => scroll(model, STEP),
  'help-up': (model) => scroll(model, -STEP),
  'help-close': (model) => change(model, { mode: { kind: 'browse' } }),
} as const satisfies Partial<Record<Action, (model: Model) => Step>>;
