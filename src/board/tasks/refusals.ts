import { exit, UserError } from '../../lib/errors.ts';
import { nearest, shellWord } from '../../lib/text.ts';
import type { TaskRow } from '../../store/board-schema.ts';
import type { Board } from '../context.ts';
import type { Participant } from '../participants.ts';
import type { Running } from './overlaps.ts';

/** No such task, with those that may have been meant. */
export async function noSuchTask(board: Board, id: string): Promise<UserError> {
  const ids = (await board.db.selectFrom('tasks').select('id').orderBy('seq').execute()).map((row) => row.id);
  const close = nearest(id, ids, 1)[0];
  return new UserError({
    code: 'NO_SUCH_TASK',
    exit: exit.notFound,
    message: `There is no task '${id}'.${ids.length === 0 ? ' The board is empty.' : ''}`,
    hint: ids.length === 0 ? 'swarm task add "What to do"' : close ? `Perhaps you mean: ${close}` : 'swarm task list',
    details: { task: id, candidates: close ? [close] : [] },
  });
}

/** It is not the caller's to change; who leads may take it over first. */
export function notYours(by: Participant, id: string, owner: string | null, verb: string): UserError {
  const next = by.leads
    ? `swarm task edit ${id} --assign ${shellWord(by.name)}   (then ${verb} it)`
    : `swarm task show ${id}`;
  return new UserError({
    code: 'NOT_YOURS',
    exit: exit.refused,
    message:
      owner === null
        ? `${id} is claimed by nobody: whoever wants to ${verb} it claims it first.`
        : `${id} is claimed by ${owner}: nobody else can ${verb} it.`,
    hint: owner === null ? `swarm task claim ${id}` : next,
    details: { task: id, claimedBy: owner },
  });
}

/** The caller speaks of an attempt that is over; `row` is the task now, `owner` who holds it. */
export function staleAttempt(
  row: Pick<TaskRow, 'id' | 'status' | 'attempt'>,
  owner: string | null,
  attempt: number,
): UserError {
  const now = owner === null ? row.status : `claimed by ${owner}`;
  return new UserError({
    code: 'STALE_ATTEMPT',
    exit: exit.refused,
    message: `${row.id} is at attempt ${row.attempt} now (${now}), not at attempt ${attempt}: nothing was changed.`,
    hint: `swarm task show ${row.id}`,
    details: { task: row.id, attempt: row.attempt, status: row.status, claimedBy: owner },
  });
}

/** Only a leader may, who can show that it is one. `instead`: what who is none can type. */
export function notALeader(
  { name, unproven }: Pick<Participant, 'name' | 'unproven'>,
  what: string,
  instead = `swarm ask --to leader "Please ${what}."`,
): UserError {
  if (unproven) {
    return new UserError({
      code: 'NO_TOKEN',
      exit: exit.refused,
      message: `${name} may ${what} only with its token (SWARM_TOKEN), and that is not in this environment.`,
      hint: "Run it in the agent's own window, or in a terminal of yours.",
      details: { participant: name },
    });
  }
  return new UserError({
    code: 'NOT_A_LEADER',
    exit: exit.refused,
    message: `${name} is no leader, and only a leader may ${what}.`,
    hint: instead,
    details: { participant: name },
  });
}

/** What a task is held back by, in words. */
export function touchesWords(running: readonly Running[], name: (id: string) => string): string {
  return `touches files of what runs: ${running.map((row) => `${row.id} (${name(row.claimed_by ?? '')})`).join(', ')}`;
}

/** Somebody works on the same files. `what` can't be, by that. */
export function touches(
  id: string,
  running: readonly Running[],
  name: (id: string) => string,
  what = "can't be begun yet: it",
): UserError {
  const ids = running.map((row) => row.id);
  const scope = `swarm task edit ${id} --scope 'src/other/**'`;
  return new UserError({
    code: 'TASK_OVERLAPS',
    exit: exit.refused,
    message: `${id} ${what} ${touchesWords(running, name)}.`,
    hint: `Wait until ${ids.join(', ')} ${ids.length === 1 ? 'is' : 'are'} done or released, or name other files: ${scope}`,
    details: { task: id, running: ids },
  });
}

/** It is over with the task. */
export function alreadyOver(id: string, status: string, by: string | null): UserError {
  return new UserError({
    code: status === 'done' ? 'TASK_DONE' : 'TASK_FAILED',
    exit: exit.refused,
    message: `${id} is ${status} already${by === null ? '' : ` (by ${by})`}.`,
    hint: `swarm task show ${id}`,
    details: { task: id, status },
  });
}

/** The dependencies would wait for each other for ever. */
export function cyclic(ring: readonly string[]): UserError {
  return new UserError({
    code: 'CYCLE',
    exit: exit.usage,
    message: `These tasks would wait for each other for ever: ${ring.join(' → ')}.`,
    hint: 'swarm task graph',
    details: { cycle: ring },
  });
}
