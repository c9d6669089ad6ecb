import { messageOf } from '../lib/errors.ts';

/** Work that outlasts a look, at most one piece for each agent at a time. */
export class InFlight {
  readonly #running = new Map<string, Promise<void>>();
  readonly #tell: (line: string) => void;

  /** `tell` gets a line for work that fails. */
  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  has(agentId: string): boolean {
    return this.#running.has(agentId);
  }

  start(agent: { readonly id: string; readonly name: string }, work: () => Promise<void>): void {
    const done = work()
      .catch((error: unknown) => this.#tell(`${agent.name}: ${messageOf(error)}`))
      .finally(() => this.#running.delete(agent.id));
    this.#running.set(agent.id, done);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#running.values());
  }
}
