import type { Session } from '../agents/session.ts';
import { boardOf } from '../board/context.ts';
import { keepMirror } from '../board/mirror/live.ts';
import { messageOf } from '../lib/errors.ts';
import type { Job } from './jobs.ts';

/** Milliseconds after which it is tried again, where it could not be: another process may keep the files just now. */
const RETRY = 10_000;

/** Keeps the board as files where `supervisor.mirror` in swarm.yaml says so. */
export class MirrorJob implements Job {
  readonly name = 'mirror';
  readonly #tell: (line: string) => void;
  #folder: string | null = null;
  #end = new AbortController();
  #kept: Promise<void> = Promise.resolve();
  #retryAt = 0;
  #trouble = '';

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  async run(session: Session): Promise<void> {
    const folder = session.config.supervisor.mirror;
    if (folder === this.#folder) return;
    await this.settle();
    if (folder === null || performance.now() < this.#retryAt) return;
    this.#folder = folder;
    this.#end = new AbortController();
    const ready = (path: string) => this.#tell(`the board is in ${path}, and takes what is written there`);
    const trouble = (message: string) => this.#told(message);
    this.#kept = keepMirror(boardOf(session), session.repo, folder, this.#end.signal, { ready, trouble }).catch(
      (error: unknown) => {
        this.#told(messageOf(error));
        this.#folder = null;
        this.#retryAt = performance.now() + RETRY;
      },
    );
  }

  async settle(): Promise<void> {
    this.#end.abort();
    await this.#kept;
    this.#folder = null;
  }

  /** The same trouble is told once. */
  #told(message: string): void {
    if (message !== this.#trouble) this.#tell(`the board's files: ${message}`);
    this.#trouble = message;
  }
}
