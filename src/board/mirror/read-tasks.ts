import { messageOf } from '../../lib/errors.ts';
import { TASK_STATUSES, type TaskStatus } from '../tasks/types.ts';
import type { FileTask } from './types.ts';

/** `tasks.json` as somebody left it. */
export interface TasksFile {
  /** The version that it was made on; null where somebody left that out. */
  readonly version: number | null;
  readonly entries: readonly RawTask[];
}

/** One entry, with whatever is in it. */
export type RawTask = Readonly<Record<string, unknown>>;

/** A field that can't be as it is. */
export interface Fault {
  readonly field: string;
  readonly expected: string;
}

const EMPTY: Omit<FileTask, 'id' | 'description'> = {
  status: 'available',
  claimed_by: null,
  priority: 3,
  dependencies: [],
  context: { files: [], hints: '' },
  scope: [],
  needs: [],
  reason: null,
  version: 0,
};

/** The file's entries, or what is wrong with it as a whole. */
export function readTasksFile(text: string): TasksFile | { readonly fault: string } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { fault: `it is no JSON: ${messageOf(error)}` };
  }
  const entries = Array.isArray(document) ? document : isMap(document) ? document['tasks'] : null;
  if (!Array.isArray(entries)) return { fault: 'it has no list of tasks: expected {"tasks": [ … ]}' };
  if (!entries.every(isMap)) return { fault: 'an entry of its tasks is no map: expected {"id": "task-001", …}' };
  return { version: isMap(document) ? whole(document['version']) : null, entries };
}

/** An entry as a task: what it leaves out is as it was. The first field that can't be is told. */
export function taskFrom(raw: RawTask, base: FileTask | null): FileTask | Fault {
  const old = base ?? { ...EMPTY, id: String(raw['id']), description: '' };
  const description = raw['description'] ?? old.description;
  const status = raw['status'] ?? old.status;
  const claimed = raw['claimed_by'] === undefined ? old.claimed_by : raw['claimed_by'] || null;
  const priority = raw['priority'] ?? old.priority;
  const reason = raw['reason'] === undefined ? old.reason : raw['reason'] || null;
  const context = raw['context'] ?? old.context;
  const lists = { dependencies: old.dependencies, scope: old.scope, needs: old.needs, files: old.context.files };
  const files = isMap(context) ? (context['files'] ?? lists.files) : null;
  const hints = isMap(context) ? (context['hints'] ?? old.context.hints) : null;
  const [dependencies, scope, needs] = (['dependencies', 'scope', 'needs'] as const).map((name) =>
    texts(raw[name] ?? lists[name]),
  );
  const paths = texts(files);
  if (typeof description !== 'string' || description.trim() === '') return fault('description', 'a text');
  if (!isStatus(status)) return fault('status', `one of ${TASK_STATUSES.join(', ')}`);
  if (claimed !== null && typeof claimed !== 'string') return fault('claimed_by', 'a name, or null');
  if (typeof priority !== 'number' || !Number.isInteger(priority))
    return fault('priority', 'a whole number, 1 is first');
  if (reason !== null && typeof reason !== 'string') return fault('reason', 'a text, or null');
  if (paths === null || typeof hints !== 'string') return fault('context', '{"files": [ … ], "hints": "…"}');
  if (!dependencies) return fault('dependencies', 'a list of ids');
  if (!scope) return fault('scope', 'a list of patterns');
  if (!needs) return fault('needs', 'a list of texts');
  const known = { id: old.id, description, status, claimed_by: claimed, priority, dependencies, reason };
  return { ...known, context: { files: paths, hints }, scope, needs, version: whole(raw['version']) ?? old.version };
}

/** A whole number, or null. */
export function whole(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether it is a fault and not a task. */
export function isFault(read: FileTask | Fault): read is Fault {
  return 'expected' in read;
}

const isStatus = (value: unknown): value is TaskStatus => TASK_STATUSES.some((one) => one === value);
const fault = (field: string, expected: string): Fault => ({ field, expected });

function texts(list: unknown): string[] | null {
  if (!Array.isArray(list)) return null;
  return list.every((one) => typeof one === 'string' || typeof one === 'number') ? list.map(String) : null;
}
