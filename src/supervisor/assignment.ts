import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { takesTasks } from '../agents/takes-tasks.ts';
import { boardOf } from '../board/context.ts';
import { UNSEEN } from '../board/messages/types.ts';
import { PERSON_ID, SWARM } from '../board/participants.ts';
import { failTask } from '../board/tasks/finish.ts';
import { listTasks } from '../board/tasks/read.ts';
import type { Task } from '../board/tasks/types.ts';
import { UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';
import { assign, bestFor, isFree } from './assign.ts';
import { experienceOf } from './experience.ts';
import type { Job } from './jobs.ts';
import type { Notifier } from './notify.ts';
import { workersWanted } from './workers.ts';

/** Times that a task may be left by who died or went silent, until it is given out no more: then it needs a person. */
export const MOST_STRANDINGS = 3;

/** Why a task goes to nobody for now, as it may at any time. */
const EXPECTED: readonly string[] = ['INBOX_FULL', 'NO_SUCH_TASK'];

/** Gives ready tasks to agents that take work from the board and have none. */
export class Assignment implements Job {
  readonly name = 'assignment';
  readonly #notifier: Notifier;
  readonly #tell: (line: string) => void;
  /** Why a task could not be given to an agent, as it was told. */
  readonly #told = new Set<string>();

  constructor(notifier: Notifier, tell: (line: string) => void) {
    this.#notifier = notifier;
    this.#tell = tell;
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    // Where nobody takes work from the board, it is not for the supervisor to give out.
    if (!team.some(({ row }) => takesTasks(row)) && !(await workersWanted(session.db))) return;
    const free = team.filter(isFree).map(({ row }) => row);
    const board = boardOf(session);
    const ready = await listTasks(board, { status: ['available'] });
    if (ready.length === 0) return;
    const known = await experienceOf(
      session.db,
      free.map(({ id }) => id),
    );
    for (const task of ready) {
      if (task.strandings >= MOST_STRANDINGS) {
        await this.#giveUp(session, team, task);
        continue;
      }
      const row = free.length === 0 ? null : bestFor(task, free, known);
      if (row === null || !(await this.#tryAssign(session, row, task))) continue;
      free.splice(free.indexOf(row), 1);
      this.#tell(`${task.id} goes to ${row.name}`);
    }
  }

  /** An inbox may be full, or the task be gone: then it is somebody else's turn. Any other reason is told, once. */
  async #tryAssign(session: Session, row: AgentRow, task: Task): Promise<boolean> {
    try {
      return await assign(session, row, task);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const why = `${task.id} can't be given to ${row.name}: ${error.message}`;
      if (!EXPECTED.includes(error.code) && !this.#told.has(why)) this.#tell(why);
      this.#told.add(why);
      return false;
    }
  }

  async #giveUp(session: Session, team: readonly Observation[], { id, strandings, reason }: Task): Promise<void> {
    const why = `it was left ${strandings} times by who had begun it${reason === null ? '' : `, last because ${reason}`}`;
    await failTask(boardOf(session), SWARM, id, why);
    this.#tell(`${id} is given up: ${why}`);
    // The board has told them, where no agent leads: of a message to them they hear anyway.
    if (await hasMailAbout(session, id)) return;
    const places = team.flatMap(({ pane }) => pane?.session ?? []);
    this.#notifier.announce(session, `${id} failed`, `${id} has failed: ${why}`, places);
  }
}

/** Whether a message to the person says that the task has failed, and was not read yet. */
async function hasMailAbout({ db }: Session, task: string): Promise<boolean> {
  const mail = db.selectFrom('messages').select('id').where('to_id', '=', PERSON_ID).where('task_id', '=', task);
  return (await mail.where('type', '=', 'ERROR').where('state', 'in', UNSEEN).executeTakeFirst()) !== undefined;
}
