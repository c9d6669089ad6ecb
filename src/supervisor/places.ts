import type { Observation } from '../agents/observe.ts';
import { namesAmong, OpenPorts } from '../agents/open-ports.ts';
import type { Session } from '../agents/session.ts';
import type { Job } from './jobs.ts';
import type { Kept } from './kept.ts';

/** Keeps where each agent's pane is, what it asks and which of its ports answer, and forgets agents that are no more. */
export class Places implements Job {
  readonly name = 'places';
  readonly #kept: Kept;
  readonly #ports = new OpenPorts();

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  async run(_session: Session, team: readonly Observation[]): Promise<void> {
    const open = await this.#ports.among(team.map(({ row }) => row));
    for (const { row, pane, asked } of team) {
      const place = pane === null ? null : { sessionName: pane.sessionName, window: pane.window, pane: pane.pane };
      const listening = namesAmong(row, open);
      await this.#kept.keep(row.id, { pid: row.pid, place, listening, question: asked?.question ?? null });
    }
    await this.#kept.forgetOthers(new Set(team.map(({ row }) => row.id)));
  }
}
