import type { Session } from '../agents/session.ts';
import { exit, messageOf, UserError } from '../lib/errors.ts';
import { pausedBecause, type QueueEntry, setPaused } from '../merge/queue/entries.ts';
import { runQueue } from '../merge/queue/run.ts';
import { tidyQueue } from '../merge/queue/tidy.ts';
import { nextTurn } from '../merge/queue/turn.ts';
import type { Job } from './jobs.ts';
import type { Notifier } from './notify.ts';

/** Milliseconds after which merges that were passed over (their agent works, a person's file is in the way) are tried again. */
const AGAIN = 30_000;

/** Works the merge queue off while it does not rest. */
export class MergeQueue implements Job {
  readonly name = 'merge-queue';
  readonly #notifier: Notifier;
  readonly #tell: (line: string) => void;
  readonly #signal: AbortSignal;
  #running: Promise<void> = Promise.resolve();
  #isRunning = false;
  /** Entries that were passed over, and until when. */
  readonly #passed = new Map<number, number>();

  constructor(notifier: Notifier, tell: (line: string) => void, signal: AbortSignal) {
    this.#notifier = notifier;
    this.#tell = tell;
    this.#signal = signal;
  }

  async run(session: Session): Promise<void> {
    if (this.#isRunning || (await pausedBecause(session)) !== null) return;
    for (const entry of await tidyQueue(session)) this.#tellEnd(session, entry);
    for (const [id, until] of this.#passed) if (until < performance.now()) this.#passed.delete(id);
    if ((await nextTurn(session, new Set(this.#passed.keys()))) === null) return;
    this.#isRunning = true;
    this.#running = this.#work(session).finally(() => {
      this.#isRunning = false;
    });
  }

  settle(): Promise<void> {
    return this.#running;
  }

  async #work(session: Session): Promise<void> {
    try {
      const door = { yes: false, ask: null, tell: this.#tell };
      for (const entry of await runQueue(session, door, this.#signal)) this.#tellEnd(session, entry);
    } catch (error) {
      // Ended together with its gate, it goes on where the next one comes.
      if (this.#signal.aborted || (error instanceof UserError && error.exit === exit.interrupted)) return;
      // Lacking consent, a config that can't be, a fault of ours: each turn would come to the same.
      await setPaused(session, messageOf(error));
      this.#tell(`the merge queue rests: ${messageOf(error)}`);
      this.#notifier.announce(session, 'merge queue', `The merge queue rests: ${messageOf(error)}`, []);
    }
  }

  #tellEnd(session: Session, { id, agent, into, state, reason }: QueueEntry): void {
    this.#tell(`${agent}: merge into ${into} ${state}${reason === null ? '' : `: ${reason}`}`);
    if (state === 'queued') this.#passed.set(id, performance.now() + AGAIN);
    if (state === 'returned') {
      this.#notifier.announce(session, `merge ${id}`, `${agent} was not merged into ${into}: ${reason ?? ''}`, []);
    }
  }
}
