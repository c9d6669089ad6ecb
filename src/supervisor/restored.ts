import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { restoredLately } from '../store/restored.ts';
import type { Job } from './jobs.ts';
import type { Notifier } from './notify.ts';

/** Key in `meta`: of which return of the database the person was told. */
const TOLD = 'supervisor.restored';

/**
 * Tells the person that the database came back from a backup, once, whoever brought it back: that may have been an
 * agent's command, whose words nobody reads. The supervisor begins anew with another database, and looks then.
 */
export class RestoredNews implements Job {
  readonly name = 'restored';
  readonly #notifier: Notifier;
  #looked = false;

  constructor(notifier: Notifier) {
    this.#notifier = notifier;
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    if (this.#looked) return;
    const { db } = session;
    const restored = await restoredLately(db);
    const told = await db.selectFrom('meta').select('value').where('key', '=', TOLD).executeTakeFirst();
    this.#looked = true;
    if (restored === null || told?.value === restored.at) return;
    const value = restored.at;
    await db
      .insertInto('meta')
      .values({ key: TOLD, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
    const words = `the database was damaged, and is back as of ${restored.backedUpAt}: swarm log --type database`;
    const places = team.flatMap(({ pane }) => pane?.session ?? []);
    this.#notifier.announce(session, 'database-restored', words, places);
  }
}
