import type { MassDeath } from '../agents/life/mass-death.ts';

/** Milliseconds within which deaths count as one, and how many of them, beside half of the team. */
const WITHIN = 30_000;
const LEAST = 3;

/** Deaths of the last moments: that of one agent is its own matter, that of most of a team has a cause outside of them. */
export class Deaths {
  readonly #at = new Map<string, { readonly name: string; readonly at: number }>();

  note({ id, name }: { readonly id: string; readonly name: string }, now = Date.now()): void {
    this.#at.set(id, { name, at: now });
  }

  /** What makes them one: enough, and at least half of those that lived. Told once. */
  take(alive: number, now = Date.now()): MassDeath | null {
    for (const [id, { at }] of this.#at) if (now - at > WITHIN) this.#at.delete(id);
    if (this.#at.size < LEAST || this.#at.size < alive) return null;
    const dead = [...this.#at];
    this.#at.clear();
    return { at: new Date(now).toISOString(), ids: dead.map(([id]) => id), names: dead.map(([, { name }]) => name) };
  }
}
