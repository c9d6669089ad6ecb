import type { Effect, Step } from '../protocol.ts';
import { orderOf } from '../select.ts';
import type { Model } from '../state.ts';

/** What an action does, with the time of its key in milliseconds since 1970. */
export type Handler = (model: Model, now: number) => Step;

export const still = (model: Model): Step => ({ model, effects: [] });

export const change = (model: Model, patch: Partial<Model>, ...effects: Effect[]): Step => ({
  model: { ...model, ...patch },
  effects,
});

/** Back to the list. */
export const closed = (model: Model, ...effects: Effect[]): Step =>
  change(model, { mode: { kind: 'browse' } }, ...effects);

/** The model with its agents in their order again, at once. */
export const reordered = (model: Model): Step => change(model, { order: orderOf(model), frozenUntil: 0 });
