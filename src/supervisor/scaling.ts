import { pauseAgent } from '../agents/life/pause.ts';
import { approveRemoval } from '../agents/life/removal-hooks.ts';
import { removeAgent } from '../agents/life/remove.ts';
import type { Observation } from '../agents/observe.ts';
import { optionsOf, recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { PLAIN_SPAWN } from '../agents/spawn/request.ts';
import { spawnAgents } from '../agents/spawn/spawn.ts';
import { forTask } from '../agents/spawn/task.ts';
import { boardOf } from '../board/context.ts';
import { listTasks } from '../board/tasks/read.ts';
import { exit, messageOf, UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';
import { isFree } from './assign.ts';
import { MOST_STRANDINGS } from './assignment.ts';
import { InFlight } from './in-flight.ts';
import type { Job } from './jobs.ts';
import { workersWanted } from './workers.ts';

/** Milliseconds after which an agent that could not be made is tried again. */
const AGAIN = 60_000;
/** Milliseconds that a new agent gets to take its prompt. */
const PROMPT = 60_000;

/**
 * Where a person wants that (`swarm up --workers`): adds agents while more is ready to be done than agents are free, up to
 * `limits.agents`, and lets those go again that had nothing to do for `limits.idle_timeout`.
 */
export class Scaling implements Job {
  readonly name = 'scaling';
  readonly #tell: (line: string) => void;
  readonly #working: InFlight;
  #notBefore = 0;
  #trouble = '';

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
    this.#working = new InFlight(tell);
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    if (!(await workersWanted(session.db))) return;
    const added = team.filter(({ row }) => optionsOf(row).added);
    const here = added.filter(({ row }) => row.status !== 'paused');
    const all = await listTasks(boardOf(session), { status: ['available'] });
    const ready = all.filter(({ strandings }) => strandings < MOST_STRANDINGS);
    const free = team.filter(isFree);
    const task = ready.find(({ needs }) => needs.every((need) => need === 'worker' || need === session.config.agent));
    const wanted = task !== undefined && ready.length > free.length && here.length < session.config.limits.agents;
    if (wanted && !this.#working.has(ADD) && performance.now() >= this.#notBefore)
      this.#working.start({ id: ADD, name: 'a new agent' }, () => this.#add(session, task.id));
    if (ready.length > 0) return;
    for (const { row } of here.filter(isFree)) {
      const idle = Date.now() - Date.parse(row.since);
      if (idle >= session.config.limits.idleTimeout && !this.#working.has(row.id))
        this.#working.start(row, () => this.#letGo(session, row));
    }
  }

  settle(): Promise<void> {
    return this.#working.settle();
  }

  async #add(session: Session, task: string): Promise<void> {
    try {
      const crew = [{ cli: session.config.agent, count: 1 }];
      const plain = { ...PLAIN_SPAWN, tickets: [], crew, another: true, added: true };
      const request = await forTask(session, { ...plain, wait: 'delivered', timeout: PROMPT }, task);
      const { agents, errors } = await spawnAgents(session, request, { ask: null, tell: this.#tell });
      for (const { name } of agents) this.#tell(`${name} was added for ${task}`);
      if (errors[0] !== undefined) throw errors[0].error;
      this.#trouble = '';
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // Somebody else has it by now: there may be another.
      if (error.code === 'TASK_TAKEN') return;
      this.#notBefore = performance.now() + AGAIN;
      const message = error.exit === exit.refused ? `${error.message} (${error.hint ?? ''})` : error.message;
      if (message === this.#trouble) return;
      this.#trouble = message;
      this.#tell(`no agent can be added: ${message}`);
      await recordEvent(session.db, null, 'not-added', { task, reason: message });
    }
  }

  /** Removed if all that it did is merged and nothing else would be lost; else paused, and its work stays. */
  async #letGo(session: Session, row: AgentRow): Promise<void> {
    try {
      const approved = await approveRemoval(session, true, { yes: false, ask: null });
      const safe = { force: false, deleteBranch: false, keepWorktree: false };
      await removeAgent(session, row, safe, { approved, tell: this.#tell });
      this.#tell(`${row.name} had nothing to do, and was removed`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      await pauseAgent(session, row);
      this.#tell(`${row.name} had nothing to do, and was paused: ${messageOf(error).split('\n')[0]}`);
    }
  }
}

/** Only one is made at a time: how many are wanted is seen anew after each. */
const ADD = 'add';
