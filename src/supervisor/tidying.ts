import { holdPorts } from '../agents/ports.ts';
import { type Tidied, tidySome } from '../agents/retention/tidy.ts';
import type { Session } from '../agents/session.ts';
import type { Job } from './jobs.ts';

/** Milliseconds between two looks at what is long over. */
const EVERY = 3_600_000;
/** Milliseconds until the next, while there is more than one look does away with. */
const SOON = 5000;

/** Keeps the session's database from growing for ever. */
export class Tidying implements Job {
  readonly name = 'tidying';
  readonly #tell: (line: string) => void;
  #next = 0;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  async run(session: Session): Promise<void> {
    if (performance.now() < this.#next) return;
    // Also when this fails: at the next pass it would fail again.
    this.#next = performance.now() + EVERY;
    await holdPorts(session);
    const tidied = await tidySome(session);
    if (tidied === null) return;
    this.#next = performance.now() + SOON;
    this.#tell(`tidied up: ${wordsOf(tidied)}`);
  }
}

function wordsOf({ guests, events, ...forgotten }: Tidied): string {
  const counts = Object.entries(forgotten).filter(([, count]) => count > 0);
  return [
    ...counts.map(([what, count]) => `${count} old ${what} forgotten`),
    ...(events === 0 ? [] : [`${events} old events put into the archive`]),
    ...(guests.length === 0 ? [] : [`${guests.join(', ')} left`]),
  ].join('; ');
}
