import type { Observation } from '../agents/observe.ts';
import { recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { messageOf } from '../lib/errors.ts';
import { log } from '../lib/log.ts';

/** What the supervisor does at each pass, with the team as it was seen just now. */
export interface Job {
  readonly name: string;
  run(session: Session, team: readonly Observation[]): Promise<void>;
  /** Waits for what it has under way. */
  settle?(): Promise<void>;
}

/**
 * Runs jobs side by side, each never twice at once: a slow disk or a hanging program holds up its own job and no other.
 * A job that fails is told in the history, once until it fails otherwise or succeeds.
 */
export class Jobs {
  readonly #jobs: readonly Job[];
  readonly #running = new Map<string, Promise<void>>();
  readonly #failed = new Map<string, string>();

  constructor(jobs: readonly Job[]) {
    this.#jobs = jobs;
  }

  start(session: Session, team: readonly Observation[]): void {
    for (const job of this.#jobs) {
      if (this.#running.has(job.name)) continue;
      const done = this.#run(job, session, team).finally(() => this.#running.delete(job.name));
      this.#running.set(job.name, done);
    }
  }

  async settle(): Promise<void> {
    await Promise.all(this.#running.values());
    await Promise.all(this.#jobs.map((job) => job.settle?.()));
  }

  async #run(job: Job, session: Session, team: readonly Observation[]): Promise<void> {
    try {
      await job.run(session, team);
      this.#failed.delete(job.name);
    } catch (error) {
      const message = messageOf(error);
      log('warn', `${job.name}: ${message}`);
      if (this.#failed.get(job.name) === message) return;
      this.#failed.set(job.name, message);
      await recordEvent(session.db, null, 'supervisor-trouble', { job: job.name, message }).catch(() => {});
    }
  }
}
