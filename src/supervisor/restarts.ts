import { hasCrashed, recentRestarts } from '../agents/life/crash.ts';
import { type MassDeath, pauseRestarts, restartsPaused } from '../agents/life/mass-death.ts';
import { restartAgent } from '../agents/life/revive.ts';
import type { Observation } from '../agents/observe.ts';
import { noteStatus, recordEvent, startOf, updateAgent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { boardOf } from '../board/context.ts';
import { postMessage } from '../board/messages/post.ts';
import { enter, PERSON, participantOfAgent } from '../board/participants.ts';
import { listTasks } from '../board/tasks/read.ts';
import { shortDuration } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';
import { Deaths } from './deaths.ts';
import { InFlight } from './in-flight.ts';
import type { Job } from './jobs.ts';
import type { Notifier } from './notify.ts';

/** Milliseconds before the first restart; each further one waits twice as long, with a share of chance, up to a minute. */
const FIRST = 1000;
const LONGEST = 60_000;
const CHANCE = 0.25;
/** Milliseconds that a crash may be older than the supervisor, and still be started again by it. */
const BEFORE = 60_000;

/** Whether the supervisor starts it again: it crashed, and not too often lately. */
function isRestartable({ config }: Session, row: AgentRow): boolean {
  const { restarts, within } = config.supervisor;
  return hasCrashed(row) && recentRestarts(row, within) < restarts;
}

/**
 * Starts crashed agents again, with their conversation and without typing anything, later each time, and gives up on one
 * that goes on crashing. When most of a team dies at once it starts none: whatever killed them would do so again.
 */
export class Restarts implements Job {
  readonly name = 'restarts';
  readonly #tell: (line: string) => void;
  readonly #notifier: Notifier;
  readonly #starting: InFlight;
  readonly #deaths = new Deaths();
  /** Crashes that were seen, by agent, and when each is answered. */
  readonly #due = new Map<string, { readonly since: string; readonly at: number }>();
  readonly #from = Date.now() - BEFORE;

  constructor(notifier: Notifier, tell: (line: string) => void) {
    this.#tell = tell;
    this.#notifier = notifier;
    this.#starting = new InFlight(tell);
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    const crashed = team.filter(({ row }) => hasCrashed(row) && Date.parse(row.since) >= this.#from);
    for (const { row } of crashed) this.#note(session, row);
    const alive = team.filter(({ pane }) => pane !== null && !pane.dead).length;
    const death = this.#deaths.take(alive);
    if (death !== null) await this.#pause(session, team, death);
    const paused = crashed.length > 0 && (await restartsPaused(session.db)) !== null;
    for (const { row } of crashed) if (!paused && !this.#starting.has(row.id)) await this.#answer(session, row);
    await this.#decay(session, team);
  }

  settle(): Promise<void> {
    return this.#starting.settle();
  }

  #note({ config }: Session, row: AgentRow): void {
    if (this.#due.get(row.id)?.since === row.since) return;
    const wait = Math.min(LONGEST, FIRST * 2 ** recentRestarts(row, config.supervisor.within));
    const at = performance.now() + wait * (1 + CHANCE * (Math.random() - 0.5));
    this.#due.set(row.id, { since: row.since, at });
    this.#deaths.note(row);
  }

  async #answer(session: Session, row: AgentRow): Promise<void> {
    if (!isRestartable(session, row)) return this.#giveUp(session, row, spent(session));
    if (performance.now() < (this.#due.get(row.id)?.at ?? 0)) return;
    // Whatever comes of it: not again at once.
    this.#due.set(row.id, { since: row.since, at: performance.now() + LONGEST });
    this.#starting.start(row, async () => {
      try {
        const how = { again: false, timeout: 0, yes: false, afterCrash: true };
        const { resumed } = await restartAgent(session, row, how, { ask: null, tell: this.#tell });
        const words = resumed ? 'with its conversation' : 'without its conversation';
        this.#tell(`${row.name}: started again ${words} after: ${row.reason}`);
        await tellOfTask(session, row);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        // Somebody is at it right now, or it runs again.
        if (['AGENT_BUSY', 'NOT_CRASHED', 'NO_SUCH_AGENT'].includes(error.code)) this.#due.delete(row.id);
        else await this.#giveUp(session, row, `it can't be started again: ${error.message}`);
      }
    });
  }

  async #giveUp({ db }: Session, row: AgentRow, why: string): Promise<void> {
    const reason = `${row.reason}; ${why}`;
    await noteStatus(db, row, { status: 'failed', reason, source: 'swarm' });
    await recordEvent(db, row.name, 'given-up', { reason });
    // Of the crash itself nobody was told yet: it might have been the last.
    await recordEvent(db, row.name, 'status', { from: 'failed', to: 'failed', reason, final: true });
  }

  async #pause(session: Session, team: readonly Observation[], death: MassDeath): Promise<void> {
    await pauseRestarts(session.db, death);
    await recordEvent(session.db, null, 'mass-death', { agents: death.names });
    const words = `${death.names.length} agents died at once (${death.names.join(', ')}): none is started again before swarm up`;
    this.#tell(words);
    // For the hooks of each.
    const end = { from: 'failed', to: 'failed', final: true, together: true };
    for (const { row } of team.filter(({ row: { id } }) => death.ids.includes(id)))
      await recordEvent(session.db, row.name, 'status', { ...end, reason: `${row.reason}; ${words}` });
    this.#notifier.announce(
      session,
      'mass-death',
      words,
      team.flatMap(({ pane }) => pane?.session ?? []),
    );
  }

  /** Restarts count for as long as they may hold up the next one. */
  async #decay({ db, config }: Session, team: readonly Observation[]): Promise<void> {
    const { within } = config.supervisor;
    for (const { row } of team) {
      const recent = recentRestarts(row, within);
      if (row.restarts > recent && Date.now() - Date.parse(startOf(row)) > within)
        await updateAgent(db, row.id, { restarts: recent });
    }
  }
}

/** A conversation that came back rests: nobody else would tell it to go on. */
async function tellOfTask(session: Session, row: AgentRow): Promise<void> {
  const board = boardOf(session);
  const [task] = await listTasks(board, { claimedBy: row.id, status: ['claimed'] });
  if (task === undefined) return;
  const text = `Your program ended (${row.reason}) and was started again. You still hold ${task.id}: look at what you have, and go on with it.`;
  const me = await enter(board, participantOfAgent(row));
  await postMessage(board, PERSON, { to: [me], type: 'CONTEXT_UPDATE', taskId: task.id, text });
}

function spent({ config }: Session): string {
  const { restarts, within } = config.supervisor;
  if (restarts === 0) return 'supervisor.restarts is 0';
  return `it was started again ${restarts === 1 ? 'once' : `${restarts} times`} within ${shortDuration(within)}`;
}
