import type { Effect, Event } from '../protocol.ts';
import { reduce } from '../reduce/reducer.ts';
import type { Model } from '../state.ts';

/** Holds the model; tells who draws it only when it is another one. */
export class Store {
  #model: Model;
  readonly #listeners = new Set<() => void>();
  readonly #perform: (effect: Effect) => void;

  constructor(model: Model, perform: (effect: Effect) => void) {
    this.#model = model;
    this.#perform = perform;
  }

  readonly model = (): Model => this.#model;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly dispatch = (event: Event): void => {
    const { model, effects } = reduce(this.#model, event);
    const changed = model !== this.#model;
    this.#model = model;
    if (changed) for (const listener of this.#listeners) listener();
    for (const effect of effects) this.#perform(effect);
  };
}
