import type { Reader } from '../board/messages/inbox.ts';

/**
 * Milliseconds after which a client that still answers must have taken in what it was given; a minute after the handing
 * over, a message that nobody has seen may be typed onto the agent's screen as well.
 */
const TAKEN_IN = 45_000;

/**
 * Messages that this connection has handed over and that nothing shows yet to have arrived. Its next call shows it: a
 * client reads what comes in its order. So does a client that answers long after.
 */
export class Handed {
  readonly #waiting = new Map<string, Reader>();
  readonly #seen: (me: Reader, ids: readonly string[]) => Promise<unknown>;
  /** Asks the client whether it is there; set once there is one that can be asked. */
  ping: () => Promise<unknown> = () => Promise.reject(new Error('nobody can be asked'));

  constructor(seen: (me: Reader, ids: readonly string[]) => Promise<unknown>) {
    this.#seen = seen;
  }

  /** These are on their way to the client. */
  add(me: Reader, ids: readonly string[]): void {
    if (ids.length === 0) return;
    for (const id of ids) this.#waiting.set(id, me);
    setTimeout(() => this.#askAbout(ids), TAKEN_IN).unref();
  }

  /** A call came in: whatever was handed over before it has arrived. */
  async arrived(): Promise<void> {
    await this.#settle([...this.#waiting.keys()]);
  }

  #askAbout(ids: readonly string[]): void {
    if (!ids.some((id) => this.#waiting.has(id))) return;
    // A client that can't be asked, or does not answer, proves nothing: they are handed over again.
    this.ping()
      .then(() => this.#settle(ids))
      .catch(() => {});
  }

  async #settle(ids: readonly string[]): Promise<void> {
    const arrived = ids.flatMap((id) => {
      const me = this.#waiting.get(id);
      return me === undefined ? [] : [{ id, me }];
    });
    for (const { id } of arrived) this.#waiting.delete(id);
    const [first] = arrived;
    if (first !== undefined)
      await this.#seen(
        first.me,
        arrived.map(({ id }) => id),
      );
  }
}
