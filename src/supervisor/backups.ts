import { statSync } from 'node:fs';
import { join } from 'node:path';
import { closeGap } from '../agents/gap.ts';
import type { Session } from '../agents/session.ts';
import { backUp } from '../store/backups.ts';
import { healthOf } from '../store/damage.ts';
import { bringBack, type Recovered } from '../store/recovery.ts';
import type { Job } from './jobs.ts';

/** Milliseconds between two backups of a database in which something happens. */
const EVERY = 3 * 60_000;
/** Milliseconds between two looks at a file that was written to. */
const LOOK = 15_000;

/**
 * Backs the session's database up: when the supervisor starts, then every few minutes if anything was written. Looks at
 * the file, too: who has it open sees for long what it remembers, and not what somebody has made of it on the disk.
 */
export class Backups implements Job {
  readonly name = 'backups';
  readonly #tell: (line: string) => void;
  #last: { readonly at: number; readonly stamp: string } | null = null;
  #looked: { readonly at: number; readonly stamp: string } | null = null;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  async run(session: Session): Promise<void> {
    const file = join(session.repo.stateDir, 'swarm.db');
    await this.#look(session, file);
    const now = performance.now();
    if (this.#last !== null && now - this.#last.at < EVERY) return;
    const stamp = `${stampOf(file)} ${stampOf(`${file}-wal`)}`;
    const changed = stamp !== this.#last?.stamp;
    // As it was before it is copied: what is written meanwhile is in the next.
    this.#last = { at: now, stamp };
    if (changed) await backUp(session.repo.stateDir);
  }

  async #look(session: Session, file: string): Promise<void> {
    const now = performance.now();
    const stamp = stampOf(file);
    if (this.#looked !== null && (now - this.#looked.at < LOOK || stamp === this.#looked.stamp)) return;
    this.#looked = { at: now, stamp };
    if (healthOf(file, 'quick_check') === 'good') return;
    let recovered: Recovered | null = null as Recovered | null;
    await bringBack(file, (found) => {
      recovered = found;
    });
    if (recovered === null) return;
    this.#tell(`the database was damaged; it is back as of ${recovered.backup.at}`);
    await closeGap(session, recovered);
  }
}

function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return `${stats?.ino} ${stats?.size} ${stats?.mtimeMs}`;
}
