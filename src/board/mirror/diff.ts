import { sameTask } from './memory.ts';
import { type Fault, isFault, type RawTask, type TasksFile, taskFrom, whole } from './read-tasks.ts';
import type { FileTask } from './types.ts';

/** Fields that say what a task asks for. */
export const ASKED = ['description', 'priority', 'dependencies', 'context', 'scope', 'needs'] as const;

/** What somebody wants of the board by what they left in `tasks.json`. */
export type TaskWish =
  | { readonly kind: 'add'; readonly task: FileTask; readonly raw: RawTask }
  | { readonly kind: 'change'; readonly base: FileTask; readonly task: FileTask; readonly raw: RawTask };

/** What can't be meant. */
export interface Refusal {
  readonly task: string | null;
  readonly by: string | null;
  readonly edit: unknown;
  readonly code: string;
  readonly reason: string;
}

export interface Difference {
  readonly wishes: readonly TaskWish[];
  readonly refusals: readonly Refusal[];
}

/** What swarm has written before. */
export interface Before {
  readonly tasks: Readonly<Record<string, readonly FileTask[]>>;
  readonly since: Readonly<Record<string, number>>;
}

/**
 * What an edit wants: each entry against the state of that task on which it was made, so that an editor whose copy is old
 * changes only what it has changed itself.
 */
export function differenceOf(file: TasksFile, before: Before, here: ReadonlyMap<string, FileTask>): Difference {
  const wishes: TaskWish[] = [];
  const refusals: Refusal[] = [];
  const seen = new Set<string>();
  for (const raw of file.entries) {
    const { id } = raw;
    if (typeof id !== 'string' || id === '')
      refusals.push(refuse(raw, null, 'NO_ID', 'a task needs an id, as task-001'));
    else if (seen.has(id)) refusals.push(refuse(raw, id, 'TASK_TWICE', `'${id}' is there twice`));
    else {
      seen.add(id);
      const wish = wishOf(raw, id, file.version, before, here);
      if (wish === null) continue;
      if ('code' in wish) refusals.push(wish);
      else wishes.push(wish);
    }
  }
  const gone = removedFrom(file, seen, before, here);
  return withRenamed(wishes, refusals, gone, here);
}

function wishOf(
  raw: RawTask,
  id: string,
  version: number | null,
  before: Before,
  here: ReadonlyMap<string, FileTask>,
): TaskWish | Refusal | null {
  const states = before.tasks[id] ?? [];
  const ours = here.get(id);
  const base = states.length === 0 ? null : baseOf(raw, version, states);
  const task = taskFrom(raw, base ?? ours ?? null);
  if (isFault(task)) return refuse(raw, id, 'BAD_FIELD', `${task.field} has to be ${task.expected}`, task);
  if (states.length > 0 && ours === undefined) {
    const untouched = states.some((state) => sameTask(state, task));
    return untouched ? null : refuse(raw, id, 'TASK_REMOVED', `'${id}' was taken off the board`);
  }
  if (ours === undefined) return { kind: 'add', task, raw };
  if (states.length > 0 && base === null) {
    if (states.some((state) => sameTask(state, task))) return null;
    return refuse(
      raw,
      id,
      'STALE',
      `this was made on version ${raw['version']}, too old to compare with; read the file again`,
    );
  }
  // A task that came onto the board by another door, and that this editor has not seen: the same one, or another.
  if (base === null && ASKED.some((field) => !same(task[field], ours[field]))) {
    return refuse(raw, id, 'TASK_EXISTS', `there is another task '${id}' on the board already; choose another id`);
  }
  const from = base ?? ours;
  return sameTask(from, task) ? null : { kind: 'change', base: from, task, raw };
}

/** The state on which an entry was made: by its own version, or the file's; without any the newest, unless it is untouched. */
function baseOf(raw: RawTask, version: number | null, states: readonly FileTask[]): FileTask | null {
  const made = whole(raw['version']) ?? version;
  if (made !== null) return states.findLast((state) => state.version <= made) ?? null;
  const untouched = states.findLast((state) => {
    const task = taskFrom(raw, state);
    return !isFault(task) && sameTask(state, task);
  });
  return untouched ?? states.at(-1) ?? null;
}

/** Tasks that the editor had before its eyes and left out. */
function removedFrom(
  { version, entries }: TasksFile,
  present: ReadonlySet<string>,
  { since }: Before,
  here: ReadonlyMap<string, FileTask>,
): string[] {
  const missing = [...here.keys()].filter((id) => !present.has(id) && since[id] !== undefined);
  const came = (id: string) => since[id] ?? 0;
  const known = entries.flatMap(({ id }) => (typeof id === 'string' && since[id] !== undefined ? [came(id)] : []));
  // Without a version: a copy that is merely old lacks what came last, and nothing else.
  const made = version ?? Math.max(0, ...known);
  return missing.filter((id) => came(id) <= made);
}

/** Removals are refused; one beside a new task that asks for the same is a changed id. */
function withRenamed(
  wishes: readonly TaskWish[],
  refusals: readonly Refusal[],
  gone: readonly string[],
  here: ReadonlyMap<string, FileTask>,
): Difference {
  const renamed = new Map<string, string>();
  for (const id of gone) {
    const twin = wishes.find(({ kind, task }) => kind === 'add' && task.description === here.get(id)?.description);
    if (twin !== undefined) renamed.set(twin.task.id, id);
  }
  const changed = [...renamed].map(([to, from]) => ({
    ...refuse({ id: to }, from, 'ID_CHANGED', `ids stay as they are: ${from} can't become ${to}`),
  }));
  const removed = gone
    .filter((id) => ![...renamed.values()].includes(id))
    .map((id) =>
      refuse(null, id, 'TASK_LEFT_OUT', `tasks can't be left out: swarm task rm ${id} takes it off the board`),
    );
  return {
    wishes: wishes.filter(({ task }) => !renamed.has(task.id)),
    refusals: [...refusals, ...changed, ...removed],
  };
}

function refuse(raw: RawTask | null, task: string | null, code: string, reason: string, fault?: Fault): Refusal {
  const by = typeof raw?.['claimed_by'] === 'string' ? raw['claimed_by'] : null;
  return { task, by, edit: fault === undefined ? raw : { [fault.field]: raw?.[fault.field] }, code, reason };
}

/** Two values that say the same. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
