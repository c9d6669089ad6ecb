import { hasCrashed } from '../agents/life/crash.ts';
import { restartsPaused } from '../agents/life/mass-death.ts';
import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { ASKS } from '../agents/status.ts';
import type { AgentStatus } from '../agents/types.ts';
import type { SessionDb } from '../store/open.ts';
import type { AgentRow } from '../store/schema.ts';
import type { Job } from './jobs.ts';
import type { Notifier } from './notify.ts';
import { StatusHooks } from './status-hooks.ts';

/** Milliseconds after which a change is history: a supervisor that starts later does nothing about it. */
const NEWS = 60_000;
/** Milliseconds for which a question must stand before anybody is called: a rule may answer it. */
const PATIENCE = 1000;
/** Where in the history the last supervisor got to. */
const CURSOR = 'supervisor.events';

/** An agent's status became another one. */
export interface Transition {
  readonly agent: string;
  readonly from: AgentStatus;
  readonly to: AgentStatus;
  readonly reason: string | null;
  /** Of a crash: it is not started again. */
  readonly final?: boolean;
  /** It died with others, of which the person hears as one. */
  readonly together?: boolean;
}

/** Does what follows from every change of a status, whoever saw it first: hooks, notifications. Each change once. */
export class Transitions implements Job {
  readonly name = 'transitions';
  readonly #hooks = new StatusHooks();
  readonly #notifier: Notifier;
  /** Who asks something, and when somebody hears of it. */
  readonly #asking = new Map<string, { readonly change: Transition; readonly due: number }>();
  #cursor: number;

  readonly #tell: (line: string) => void;

  private constructor(cursor: number, notifier: Notifier, tell: (line: string) => void) {
    this.#cursor = cursor;
    this.#notifier = notifier;
    this.#tell = tell;
  }

  /** `tell` gets a line for each change. */
  static async open(db: SessionDb, notifier: Notifier, tell: (line: string) => void): Promise<Transitions> {
    const kept = await db.selectFrom('meta').select('value').where('key', '=', CURSOR).executeTakeFirst();
    if (kept !== undefined) return new Transitions(Number(kept.value), notifier, tell);
    const last = await db.selectFrom('events').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
    return new Transitions(last?.id ?? 0, notifier, tell);
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    const { db } = session;
    const query = db.selectFrom('events').selectAll().where('id', '>', this.#cursor).where('type', '=', 'status');
    const rows = await query.orderBy('id').execute();
    const last = rows.at(-1)?.id;
    // Kept before anything runs: a hook that ends this process would else run at every start.
    if (last !== undefined) await this.#keepCursor(db, last);
    const since = new Date(Date.now() - NEWS).toISOString();
    for (const { agent, at, data } of rows) {
      if (agent === null || at < since) continue;
      const change: Transition = { agent, ...(JSON.parse(data) as Omit<Transition, 'agent'>) };
      this.#tell(`${agent}: ${change.from} → ${change.to}${change.reason === null ? '' : ` (${change.reason})`}`);
      this.#asking.delete(agent);
      if (change.to === 'waiting') this.#asking.set(agent, { change, due: performance.now() + PATIENCE });
      else await this.#act(session, team, change);
    }
    for (const [agent, { change, due }] of this.#asking) {
      if (performance.now() < due) continue;
      this.#asking.delete(agent);
      await this.#act(session, team, change);
    }
  }

  async #act(session: Session, team: readonly Observation[], change: Transition): Promise<void> {
    const seen = team.find(({ row }) => row.name === change.agent);
    // Only a crash after which it is not started again is a failure.
    if (change.to === 'failed' && change.final !== true && seen !== undefined && hasCrashed(seen.row))
      if (!(await staysDown(session.db, seen.row))) return;
    if (seen !== undefined) this.#hooks.start(session, seen.row, change);
    if (change.together === true) return;
    // Of questions on the board somebody hears as such, each.
    if (change.to === 'waiting' && change.reason?.startsWith(`${ASKS}: `) === true) return;
    const places = team.flatMap(({ pane }) => pane?.session ?? []);
    this.#notifier.tell(session, change, places);
  }

  async settle(): Promise<void> {
    await this.#hooks.settle();
  }

  async #keepCursor(db: SessionDb, id: number): Promise<void> {
    this.#cursor = id;
    const value = String(id);
    await db
      .insertInto('meta')
      .values({ key: CURSOR, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
  }
}

/** Whether a crash came when nobody was started again any more. Those that led to that are told of together. */
async function staysDown(db: SessionDb, row: AgentRow): Promise<boolean> {
  const death = await restartsPaused(db);
  return death !== null && row.since > death.at;
}
