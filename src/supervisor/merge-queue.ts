import type { Session } from '../agents/session.ts';
import { exit, messageOf, UserError } from '../lib/errors.ts';
import { pausedBecause, type QueueEntry, setPaused } from '../merge/queue/entries.ts';
import { runQueue, takeable } from '../merge/queue/run.ts';
import { standingOf } from '../merge/queue/standing.ts';
import { tidyQueue } from '../merge/queue/tidy.ts';
import type { Job } from './jobs.ts';
import type { Notifier } from './notify.ts';

/** Milliseconds after which merges that were passed over (their agent works, a person's file is in the way) are tried again. */
const AGAIN = 30_000;
/** Milliseconds after which one is tried again in which no file was in the way: of what else stops git no mark tells. */
const LATER = 5 * 60_000;

interface Passed {
  readonly until: number;
  /** Null: not known. */
  readonly standing: string | null;
  /** When it is tried again, however things stand. */
  readonly latest: number;
}

/** Works the merge queue off while it does not rest. */
export class MergeQueue implements Job {
  readonly name = 'merge-queue';
  readonly #notifier: Notifier;
  readonly #tell: (line: string) => void;
  readonly #signal: AbortSignal;
  /** By target: a long gate on the way into one branch holds up no other. */
  readonly #running = new Map<string, Promise<void>>();
  /** Entries that were passed over, until when, and how things stood where they were refused. */
  readonly #passed = new Map<number, Passed>();
  /** Entries of which it was told that something of a person's is in their way. */
  readonly #told = new Set<number>();

  constructor(notifier: Notifier, tell: (line: string) => void, signal: AbortSignal) {
    this.#notifier = notifier;
    this.#tell = tell;
    this.#signal = signal;
  }

  async run(session: Session): Promise<void> {
    if ((await pausedBecause(session)) !== null) return;
    for (const entry of await tidyQueue(session)) await this.#tellEnd(session, entry);
    for (const [id, passed] of this.#passed) {
      const { until, standing, latest } = passed;
      const now = performance.now();
      if (until > now) continue;
      // As long as all is as it was, so would be the answer.
      const asItWas = standing !== null && now < latest && standing === (await standingOf(session, id));
      if (asItWas) this.#passed.set(id, { ...passed, until: performance.now() + AGAIN });
      else this.#passed.delete(id);
    }
    for (const into of await takeable(session, new Set(this.#passed.keys()))) {
      if (this.#running.has(into) || this.#signal.aborted) continue;
      const work = this.#work(session, into).finally(() => this.#running.delete(into));
      this.#running.set(into, work);
    }
  }

  async settle(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  async #work(session: Session, into: string): Promise<void> {
    try {
      const door = { yes: false, ask: null, tell: this.#tell };
      for (const entry of await runQueue(session, door, this.#signal, into)) await this.#tellEnd(session, entry);
    } catch (error) {
      // Ended together with its gate, it goes on where the next one comes.
      if (this.#signal.aborted || (error instanceof UserError && error.exit === exit.interrupted)) return;
      // Lacking consent, a config that can't be, a fault of ours: each turn would come to the same.
      await setPaused(session, messageOf(error));
      this.#tell(`the merge queue rests: ${messageOf(error)}`);
      this.#notifier.announce(session, 'merge queue', `The merge queue rests: ${messageOf(error)}`, []);
    }
  }

  async #tellEnd(session: Session, { id, agent, into, state, reason, result }: QueueEntry): Promise<void> {
    this.#tell(`${agent}: merge into ${into} ${state}${reason === null ? '' : `: ${reason}`}`);
    const refused = state === 'queued' && result?.state === 'refused' && result.reason === reason;
    if (state === 'queued') {
      const standing = refused ? await standingOf(session, id) : null;
      const now = performance.now();
      const latest = refused && result.files.length > 0 ? Number.POSITIVE_INFINITY : now + LATER;
      this.#passed.set(id, { until: now + AGAIN, standing, latest });
    }
    if (refused && !this.#told.has(id)) {
      const named = result.files.length === 0 ? '' : ` (${result.files.slice(0, 3).join(', ')})`;
      const words = `${agent} can't be merged into ${into} yet: ${reason ?? ''}${named}`;
      this.#notifier.announce(session, `merge ${id}`, words, []);
    }
    if (refused) this.#told.add(id);
    else this.#told.delete(id);
    if (state === 'returned') {
      this.#notifier.announce(session, `merge ${id}`, `${agent} was not merged into ${into}: ${reason ?? ''}`, []);
    }
  }
}
