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

/** Where keys go when nothing is open: to the board while it is shown, else to the list. */
const home = ({ board }: Model): Model['mode'] => (board.open ? { kind: 'board' } : { kind: 'browse' });

/** Back to the list, or the board. */
export const closed = (model: Model, ...effects: Effect[]): Step => change(model, { mode: home(model) }, ...effects);

/** The model with its agents in their order again, at once. */
export const reordered = (model: Model): Step => change(model, { order: orderOf(model), frozenUntil: 0 });
