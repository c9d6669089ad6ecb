import { applyRules } from '../agents/approve/rules.ts';
import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { isTakenOver } from '../agents/take-over.ts';
import { InFlight } from './in-flight.ts';
import type { Job } from './jobs.ts';

/** Answers the questions that a rule of the user's allows, each once. */
export class Approvals implements Job {
  readonly name = 'approvals';
  readonly #tell: (line: string) => void;
  readonly #pressing: InFlight;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
    this.#pressing = new InFlight(tell);
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    // Also of those that ask nothing: from then on the same question is another one.
    for (const seen of team)
      if (!this.#pressing.has(seen.row.id) && !isTakenOver(seen.row))
        this.#pressing.start(seen.row, () => this.#apply(session, seen));
  }

  settle(): Promise<void> {
    return this.#pressing.settle();
  }

  async #apply(session: Session, seen: Observation): Promise<void> {
    const answered = await applyRules(session, seen);
    if (answered === null) return;
    const { question, option } = answered;
    this.#tell(`${seen.row.name}: '${option.label}' by rule to: ${question.subject?.what ?? question.text}`);
  }
}
