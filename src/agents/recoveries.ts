import { messageOf } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import type { Recovered } from '../store/recovery.ts';
import type { Session } from './session.ts';

/** What a session hears of its damaged database being brought back: while it is opened, or much later. */
export class Recoveries {
  readonly #early: Recovered[] = [];
  readonly #reports: Promise<void>[] = [];
  #session: Session | null = null;

  /** Said at once; what was lost with it is found out beside the work that goes on. */
  readonly hear = (recovered: Recovered): void => {
    const { backup, kept } = recovered;
    const aside = kept === null ? '' : ` What was there is kept as ${kept}.`;
    log('warn', `the session's database was damaged; it is back as of ${backup.at}, from a backup.${aside}`);
    if (this.#session === null) this.#early.push(recovered);
    else this.#report(this.#session, recovered);
  };

  reportTo(session: Session): void {
    this.#session = session;
    for (const recovered of this.#early.splice(0)) this.#report(session, recovered);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#reports);
  }

  #report(session: Session, recovered: Recovered): void {
    const report = async () => {
      const { closeGap } = await import('./gap.ts');
      await closeGap(session, recovered);
    };
    this.#reports.push(
      report().catch((error: unknown) => log('warn', `what was lost is not known: ${messageOf(error)}`)),
    );
  }
}
