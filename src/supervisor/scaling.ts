import { lastDelivery } from '../agents/deliver/records.ts';
import { hasCrashed } from '../agents/life/crash.ts';
import { pauseInTurn } from '../agents/life/pause.ts';
import { approveRemoval } from '../agents/life/removal-hooks.ts';
import { removeInTurn } from '../agents/life/remove.ts';
import { resumeAgent } from '../agents/life/revive.ts';
import { withTurn } from '../agents/life/turn.ts';
import { type Observation, observe } from '../agents/observe.ts';
import { noteStatus, optionsOf, recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { PLAIN_SPAWN } from '../agents/spawn/request.ts';
import { spawnAgents } from '../agents/spawn/spawn.ts';
import { forTask } from '../agents/spawn/task.ts';
import { takesTasks } from '../agents/takes-tasks.ts';
import { boardOf } from '../board/context.ts';
import { listTasks } from '../board/tasks/read.ts';
import type { Task } from '../board/tasks/types.ts';
import { heldUpTasks } from '../board/tasks/why.ts';
import { exit, messageOf, UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';
import { isAble, isFree } from './assign.ts';
import { MOST_STRANDINGS } from './assignment.ts';
import { InFlight } from './in-flight.ts';
import type { Job } from './jobs.ts';
import { workersWanted } from './workers.ts';

/** Milliseconds after which an agent that could not be made is tried again. */
const AGAIN = 60_000;
/** Milliseconds that a new agent gets to take its prompt. */
const PROMPT = 60_000;
/** Why an agent is paused that was let go: one that a person pauses says otherwise, and is a person's to resume. */
const LET_GO = 'had nothing to do';

/**
 * Where a person wants that (`swarm up --workers`): adds agents while more is ready to be done than agents are free, up to
 * `limits.agents`, and lets those go again that had nothing to do for `limits.idle_timeout`. Who was paused so comes back
 * before another one is made: each has a worktree.
 */
export class Scaling implements Job {
  readonly name = 'scaling';
  readonly #tell: (line: string) => void;
  readonly #working: InFlight;
  #notBefore = 0;
  #trouble = '';
  /** Names of those that have ended and leave no room, as they were told of. */
  #filling = '';
  /** Ids of those that could not be resumed. */
  readonly #lost = new Set<string>();
  /** Those that were resumed and have not been ready since, and until when that is waited for. */
  readonly #coming = new Map<string, number>();

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
    this.#working = new InFlight(tell);
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    if (!(await workersWanted(session.db))) return;
    const added = team.filter(({ row }) => optionsOf(row).added);
    const here = added.filter(({ row }) => row.status !== 'paused');
    const ready = await readyTasks(session);
    const isUseful = ({ row }: Observation) => ready.some((task) => isAble(row, task));
    if (!this.#working.has(ADD)) {
      const doable = ready.filter((task) => isForWorkers(session, task));
      const soon = this.#expected(added) + team.filter(isFree).filter(isUseful).length;
      if (doable.length > soon && here.length < session.config.limits.agents) this.#grow(session, added, doable);
      else if (doable.length > soon) await this.#tellWhoFills(session, here, doable);
    }
    for (const { row } of here.filter((one) => isFree(one) && !isUseful(one))) {
      const idle = Date.now() - Date.parse(row.since);
      if (idle >= session.config.limits.idleTimeout && !this.#working.has(row.id))
        this.#working.start(row, () => this.#letGo(session, row));
    }
  }

  settle(): Promise<void> {
    return this.#working.settle();
  }

  /** How many were resumed, and will be free. */
  #expected(added: readonly Observation[]): number {
    for (const [id, until] of this.#coming) {
      const seen = added.find(({ row }) => row.id === id);
      if (seen === undefined || isFree(seen) || seen.row.task !== null || performance.now() >= until)
        this.#coming.delete(id);
    }
    return this.#coming.size;
  }

  /** One more for the first of these tasks. */
  #grow(session: Session, added: readonly Observation[], tasks: readonly Task[]): void {
    const resting = added.flatMap(({ row }) =>
      wasLetGo(row) && !this.#lost.has(row.id) && !this.#coming.has(row.id) ? [row] : [],
    );
    const back = resting.find((row) => tasks.some((task) => isAble(row, task)));
    const [first] = tasks;
    if (back !== undefined) this.#working.start({ id: ADD, name: back.name }, () => this.#resume(session, back));
    else if (first !== undefined && performance.now() >= this.#notBefore)
      this.#working.start({ id: ADD, name: 'a new agent' }, () => this.#add(session, first.id));
  }

  /** Those that have ended count, or one that fails at every start would be made again and again: a person decides. */
  async #tellWhoFills(session: Session, here: readonly Observation[], [first]: readonly Task[]): Promise<void> {
    const over = here.flatMap(({ row }) => (isOver(row) ? [row.name] : [])).join(', ');
    if (over === '' || over === this.#filling) return;
    this.#filling = over;
    const most = `limits.agents (${session.config.limits.agents})`;
    const why = `agents that have ended count for ${most}: ${over}; swarm restart brings one back, swarm rm makes room`;
    await this.#tellNotAdded(session, first?.id ?? '', why);
  }

  /** What it is to do it is given once it is free. */
  async #resume(session: Session, row: AgentRow): Promise<void> {
    try {
      const how = { again: false, timeout: PROMPT, yes: false };
      await resumeAgent(session, row, how, { ask: null, tell: this.#tell });
      this.#coming.set(row.id, performance.now() + PROMPT);
      this.#tell(`${row.name} was resumed: there is work again`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // Somebody is at it right now, or was quicker.
      if (['AGENT_BUSY', 'NO_SUCH_AGENT', 'RUNNING_ALREADY'].includes(error.code)) return;
      this.#lost.add(row.id);
      this.#tell(`${row.name} can't be resumed: ${error.message}`);
    }
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
      await this.#tellNotAdded(session, task, message);
    }
  }

  async #tellNotAdded(session: Session, task: string, reason: string): Promise<void> {
    this.#tell(`no agent can be added: ${reason}`);
    await recordEvent(session.db, null, 'not-added', { task, reason });
  }

  /** Unless somebody gave it something to do while its turn was waited for. */
  async #letGo(session: Session, row: AgentRow): Promise<void> {
    const begun = new Date().toISOString();
    try {
      await withTurn(session, row, { ends: true }, async (now) => {
        if (await isStillFree(session, row, begun)) await this.#end(session, now);
      });
    } catch (error) {
      // Somebody is at it right now, or was quicker.
      if (!(error instanceof UserError) || !['AGENT_BUSY', 'NO_SUCH_AGENT'].includes(error.code)) throw error;
    }
  }

  /** Removed if all that it did is merged and nothing else would be lost; else paused, and its work stays. */
  async #end(session: Session, row: AgentRow): Promise<void> {
    try {
      const approved = await approveRemoval(session, true, { yes: false, ask: null });
      const safe = { force: false, deleteBranch: false, keepWorktree: false };
      await removeInTurn(session, row, safe, { approved, tell: this.#tell });
      this.#tell(`${row.name} had nothing to do, and was removed`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const paused = await pauseInTurn(session, row);
      await noteStatus(session.db, paused, { status: 'paused', reason: LET_GO, source: 'swarm' });
      this.#tell(`${row.name} had nothing to do, and was paused: ${messageOf(error).split('\n')[0]}`);
    }
  }
}

/** Whether it rests as it did: is at nothing, was at nothing in between, and was sent nothing since `begun`. */
async function isStillFree(session: Session, row: AgentRow, begun: string): Promise<boolean> {
  const [seen] = await observe(session, [row]);
  if (seen === undefined || !isFree(seen) || seen.row.since !== row.since) return false;
  return (await lastDelivery(session.db, row.id, begun)) === null;
}

/** What could be begun now, by somebody who is able. */
async function readyTasks(session: Session): Promise<Task[]> {
  const board = boardOf(session);
  const [all, heldUp] = [await listTasks(board, { status: ['available'] }), await heldUpTasks(board)];
  return all.filter(({ id, strandings }) => strandings < MOST_STRANDINGS && !heldUp.has(id));
}

/** Whether an agent as they are added could do it. */
function isForWorkers({ config }: Session, { needs }: Task): boolean {
  return needs.every((need) => need === 'worker' || need === config.agent);
}

/** It does nothing any more, and nobody starts it again. */
const isOver = (row: AgentRow): boolean => ['failed', 'exited'].includes(row.status) && !hasCrashed(row);

const wasLetGo = (row: AgentRow): boolean => row.status === 'paused' && row.reason === LET_GO && takesTasks(row);

/** Only one is made at a time: how many are wanted is seen anew after each. */
const ADD = 'add';
