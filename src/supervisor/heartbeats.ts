import { hasCrashed } from '../agents/life/crash.ts';
import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import type { AgentStatus } from '../agents/types.ts';
import { boardOf } from '../board/context.ts';
import { signOfLife } from '../board/presence.ts';
import type { Job } from './jobs.ts';
import { reap } from './reap.ts';

/** Statuses that are a sign of life by themselves: it is at work, or waits for somebody who is slow. */
const AT_IT: ReadonlySet<AgentStatus> = new Set(['starting', 'working', 'waiting', 'blocked']);
/** Statuses in which whatever it may still print is no sign that it does anything. */
const LIFELESS: ReadonlySet<AgentStatus> = new Set(['stuck', 'failed', 'exited', 'paused']);

/**
 * Says on the board who lives, every `supervisor.heartbeat`: whoever works, waits for somebody, or has printed something
 * since. (Calls over MCP and from the shell say so themselves.) Then gives back what those hold who don't.
 */
export class Heartbeats implements Job {
  readonly name = 'heartbeats';
  readonly #tell: (line: string) => void;
  readonly #active = new Map<string, number>();
  #beaten = Number.NEGATIVE_INFINITY;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    const over = team.filter(({ row }) => isOver(row.status as AgentStatus) && !hasCrashed(row));
    const due = performance.now() - this.#beaten >= session.config.supervisor.heartbeat;
    if (due) {
      this.#beaten = performance.now();
      // The living first: nobody who lives loses what it holds because nobody watched for a while.
      for (const seen of team) if (this.#lives(seen)) await signOfLife(boardOf(session), seen.row.id);
    }
    for (const line of await reap(
      session,
      over.map(({ row }) => row),
      due,
    ))
      this.#tell(line);
  }

  #lives({ row, pane }: Observation): boolean {
    const status = row.status as AgentStatus;
    const before = this.#active.get(row.id);
    if (pane !== null) this.#active.set(row.id, pane.activity);
    if (pane === null || pane.dead || LIFELESS.has(status)) return false;
    return AT_IT.has(status) || (before !== undefined && pane.activity > before);
  }
}

/** It does nothing any more by itself. (A crashed one is started again, or given up first.) */
const isOver = (status: AgentStatus): boolean => status === 'failed' || status === 'exited';
