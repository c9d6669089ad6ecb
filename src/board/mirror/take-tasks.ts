import { UserError } from '../../lib/errors.ts';
import { participantNamed } from '../named.ts';
import { claimTask } from '../tasks/claim.ts';
import { editTask } from '../tasks/edit.ts';
import { completeTask, failTask } from '../tasks/finish.ts';
import { readTask } from '../tasks/read.ts';
import { blockTask, releaseTask } from '../tasks/release.ts';
import type { Task } from '../tasks/types.ts';
import { FILES } from './actor.ts';
import { addFromFile } from './add-tasks.ts';
import { ASKED, differenceOf, same, type TaskWish } from './diff.ts';
import { type Door, reject, viaFile } from './door.ts';
import { fileTask } from './file-task.ts';
import type { RawTask, TasksFile } from './read-tasks.ts';
import { reportIn, resultFile, UNWRITTEN } from './results.ts';
import { type Step, stepOf } from './step.ts';
import type { FileTask } from './types.ts';

export const TASKS_FILE = 'tasks.json';

type Change = Extract<TaskWish, { kind: 'change' }>;
/** Fields of tasks that wait for the other half of their edit, as they are to stay in the file until then. */
export type Halves = Map<string, Pick<FileTask, 'status' | 'claimed_by'>>;

/** Milliseconds that the other half of an edit gets: a claim's name, and a finished task's report. */
const HALF_CLAIM = 10_000;
const HALF_REPORT = 2000;

/** Takes the edits of `tasks.json`, each by itself; those that can't be are rejected, each with its reason. */
export async function takeTasks(door: Door, file: TasksFile, here: readonly FileTask[]): Promise<Halves> {
  const byId = new Map(here.map((task) => [task.id, task]));
  const { wishes, refusals } = differenceOf(file, door.memory.known, byId);
  for (const refusal of refusals) reject(door, TASKS_FILE, refusal);
  const halves: Halves = new Map();
  const added = await addFromFile(
    door,
    wishes.filter(({ kind }) => kind === 'add'),
  );
  const changes = wishes.flatMap((wish) => (wish.kind === 'change' ? [wish] : []));
  for (const change of [...changes, ...added]) {
    const ours = byId.get(change.task.id) ?? fileTask(await readTask(door.board, change.task.id));
    await ask(door, change, ours);
    const half = await move(door, change);
    if (half) halves.set(change.task.id, { status: change.task.status, claimed_by: change.task.claimed_by });
  }
  return halves;
}

/** Changes what a task asks for. */
async function ask(door: Door, { base, task, raw }: Change, ours: Omit<FileTask, 'version'>): Promise<void> {
  const changed = ASKED.filter((field) => !same(task[field], base[field]) && !same(task[field], ours[field]));
  if (changed.length === 0) return;
  const edit = Object.fromEntries(changed.map((field) => [field, task[field]]));
  const stale = changed.filter((field) => !same(base[field], ours[field]));
  if (stale.length > 0) return refuseStale(door, task.id, raw, edit, stale, ours);
  const set = async (some: Partial<FileTask>) => {
    await editTask(door.board, FILES, task.id, some);
    await viaFile(door, FILES.name, TASKS_FILE, { task: task.id, edit: some });
  };
  if (changed.length === 1) return attempt(door, task.id, raw, edit, () => set(edit));
  try {
    await set(edit);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // One of them can't be: the others still are.
    for (const field of changed) {
      const one = { [field]: task[field] };
      await attempt(door, task.id, raw, one, () => set(one));
    }
  }
}

/** Claims, finishes, gives back. @returns whether only half of it is there yet. */
async function move(door: Door, { base, task, raw }: Change): Promise<boolean> {
  const step = stepOf(base, task);
  if (step === null) return false;
  const now = await readTask(door.board, task.id);
  const ours = fileTask(now);
  if (task.status === ours.status && task.claimed_by === ours.claimed_by) return false;
  const edit = { status: task.status, claimed_by: task.claimed_by };
  if (step.do === 'wait' && !door.waits.over(`claim ${task.id}`, HALF_CLAIM)) return true;
  if (step.do === 'wait' || step.do === 'refuse') {
    refuse(door, task.id, raw, edit, step.code, step.reason);
    return false;
  }
  const stale = (['status', 'claimed_by'] as const).filter((field) => base[field] !== ours[field]);
  if (stale.length > 0 && !fits(step, ours)) {
    refuseStale(door, task.id, raw, edit, stale, ours);
    return false;
  }
  const report = step.do === 'complete' ? reportOf(door, task.id, raw) : '';
  if (report === null && !door.waits.over(`report ${task.id}`, HALF_REPORT)) return true;
  await attempt(door, task.id, raw, edit, async () => {
    await perform(door, step, task, now, report);
    await viaFile(door, step.by ?? FILES.name, TASKS_FILE, { task: task.id, edit });
  });
  return false;
}

type Doable = Exclude<Step, { do: 'wait' | 'refuse' }>;

/**
 * Whether a step is one of a task that became another after its writer had read it. What ends a claim is only of whom it
 * speaks for: nobody meant to take it from somebody whom they had not seen. Claims and reports look for themselves.
 */
function fits(step: Doable, { status, claimed_by: owner }: Omit<FileTask, 'version'>): boolean {
  if (step.do === 'claim' || step.do === 'complete') return true;
  return step.by !== null && status === 'claimed' && owner === step.by;
}

async function perform(
  { board }: Door,
  step: Doable,
  { id, reason }: FileTask,
  { status, attempt }: Task,
  report: string | null,
): Promise<void> {
  const by = step.by === null ? FILES : await participantNamed(board, step.by);
  const why = reason ?? 'as written into tasks.json';
  if (step.do === 'claim') return requireClaim(await claimTask(board, by, { id }), id);
  if (step.do === 'release' || step.do === 'reopen') await releaseTask(board, by, id, reason, attempt);
  if (step.do === 'fail') await failTask(board, by, id, why, attempt);
  if (step.do === 'block') await blockTask(board, by, id, why, attempt);
  if (step.do !== 'complete') return;
  // Claimed and finished between two looks: with the report to show for it.
  if (status === 'available' && report !== null && !by.leads) {
    requireClaim(await claimTask(board, by, { id }), id);
  }
  await completeTask(board, by, id, { summary: report ?? UNWRITTEN });
}

function requireClaim({ task, reason }: Awaited<ReturnType<typeof claimTask>>, id: string): void {
  if (task !== null) return;
  throw new UserError({ code: 'NOT_CLAIMED', exit: 4, message: `${id} can't be claimed: ${reason}.`, hint: null });
}

/** What was done: the task's own file, or what stands beside its status. */
function reportOf({ folder }: Door, id: string, raw: RawTask): string | null {
  const written = folder.read(resultFile(id))?.text ?? '';
  const beside = typeof raw['result'] === 'string' ? raw['result'] : '';
  return reportIn(written) || reportIn(beside) || null;
}

async function attempt(door: Door, id: string, raw: RawTask, edit: unknown, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    refuse(door, id, raw, edit, error.code, error.message, error.hint);
  }
}

/** Somebody else changed the same fields, after the writer had read the file. */
function refuseStale(
  door: Door,
  id: string,
  raw: RawTask,
  edit: unknown,
  fields: readonly (keyof FileTask)[],
  ours: Partial<FileTask>,
): void {
  const now = fields.map((field) => `${field} is ${JSON.stringify(ours[field])} by now`).join(', ');
  refuse(door, id, raw, edit, 'STALE', `somebody else changed it as well: ${now}`);
}

function refuse(
  door: Door,
  task: string,
  raw: RawTask,
  edit: unknown,
  code: string,
  reason: string,
  hint: string | null = null,
): void {
  const by = typeof raw['claimed_by'] === 'string' ? raw['claimed_by'] : null;
  reject(door, TASKS_FILE, { task, by, edit, code, reason, hint });
}
