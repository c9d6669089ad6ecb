import { exit, UserError } from '../../lib/errors.ts';
import { eventTask } from '../../store/event-task.ts';
import type { SessionDb } from '../../store/open.ts';
import { taskId } from './read.ts';
import { checkId } from './wish.ts';

/** Key in `meta` of the number of the next task: those of removed ones are not used again. */
const NEXT = 'next-task';

/** The number of the next task. */
export async function nextNumber(db: SessionDb): Promise<number> {
  const kept = await db.selectFrom('meta').select('value').where('key', '=', NEXT).executeTakeFirst();
  const last = await db
    .selectFrom('tasks')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst();
  return Math.max(Number(kept?.value ?? 1), Number(last?.seq ?? 0) + 1);
}

/** Says what the number of the next task is, from now on. */
export async function keepNext(db: SessionDb, number: number): Promise<void> {
  const next = { key: NEXT, value: String(number) };
  await db
    .insertInto('meta')
    .values(next)
    .onConflict((conflict) => conflict.column('key').doUpdateSet(next))
    .execute();
}

async function isTaken(db: SessionDb, id: string): Promise<boolean> {
  return (await db.selectFrom('tasks').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

/** The first free id from a number on. None is used twice: a removed task's would mean two things in the history. */
export async function freeId(db: SessionDb, from: number, reserved: ReadonlySet<string>): Promise<string> {
  for (let number = from; ; number++) {
    const id = taskId(number);
    if (!reserved.has(id) && !(await isTaken(db, id)) && !(await wasTaken(db, id))) return id;
  }
}

/** Somebody gave that id to a task which is gone. */
async function wasTaken(db: SessionDb, id: string): Promise<boolean> {
  const created = db.selectFrom('events').select('id').where('type', '=', 'task-created').where(eventTask, '=', id);
  return (await created.limit(1).executeTakeFirst()) !== undefined;
}

/** An id that somebody chose. @throws UserError exit 2 when it can't be one, 4 when another task has it. */
export async function requireFree(db: SessionDb, id: string): Promise<string> {
  checkId(id);
  if (!(await isTaken(db, id))) return id;
  throw new UserError({
    code: 'TASK_EXISTS',
    exit: exit.refused,
    message: `There is a task '${id}' already.`,
    hint: `swarm task show ${id}`,
    details: { task: id },
  });
}
