import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GLYPHS } from '../agents/glyphs.ts';
import type { Observation } from '../agents/observe.ts';
import { segment } from '../agents/segment.ts';
import type { Session } from '../agents/session.ts';
import type { AgentStatus } from '../agents/types.ts';
import type { Marks } from '../tmux/marks.ts';
import type { Job } from './jobs.ts';

/** Shows the team's states where no process of swarm's runs: in tmux's own options, and in a file for other status lines. */
export class StatusLine implements Job {
  readonly name = 'status line';
  #marks: Marks | null = null;
  #text: string | null = null;
  #session: Session | null = null;

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    const agents = team.map(({ row }) => ({ status: row.status as AgentStatus, unseen: row.unseen === 1 }));
    this.#write(join(session.repo.stateDir, 'status-line'), segment(agents));
    const status = segment(agents, { styles: true });
    const sessions = new Set(team.flatMap(({ pane }) => pane?.session ?? []));
    const marks: Marks = {
      sessions: [...sessions].map((id) => ({ session: id, status })),
      windows: team.flatMap(({ row, pane }) =>
        pane === null ? [] : { window: pane.window, state: row.status, glyph: GLYPHS[row.status as AgentStatus] },
      ),
    };
    await session.tmux.setMarks(marks, this.#marks);
    this.#marks = marks;
    this.#session = session;
  }

  /** What nobody keeps up to date any more is shown no longer. */
  async settle(): Promise<void> {
    if (this.#session === null || this.#marks === null) return;
    await this.#session.tmux.setMarks({ sessions: [], windows: [] }, this.#marks);
    rmSync(join(this.#session.repo.stateDir, 'status-line'), { force: true });
  }

  /** In one step: a status line may read it at any moment. */
  #write(file: string, text: string): void {
    if (text === this.#text) return;
    writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    this.#text = text;
  }
}
