import * as z from 'zod/mini';
import { exit, messageOf, UserError } from '../../lib/errors.ts';
import { DEFAULT_PRIORITY, TASK_STATUSES, type TaskContext, type TaskStatus } from './types.ts';

/** A task as a file holds it: what is wanted, and how far it is. */
export interface TaskEntry {
  readonly id: string | null;
  readonly description: string;
  readonly status: TaskStatus;
  readonly claimedBy: string | null;
  readonly priority: number;
  readonly dependencies: readonly string[];
  readonly context: TaskContext;
  readonly scope: readonly string[];
  readonly needs: readonly string[];
  readonly attempt: number;
  readonly result: { readonly summary: string; readonly commit: string | null; readonly by: string | null } | null;
  readonly reason: string | null;
  readonly createdAt: string | null;
  readonly doneAt: string | null;
}

const text = z.string('a text');
const word = z.union([z.string(), z.number()], 'a text');
const words = z.nullish(z.array(word, 'a list of texts'));
const moment = z.nullish(text.check(z.refine((at) => !Number.isNaN(Date.parse(at)), 'a time: 2026-11-20T10:00:00Z')));
const STATUSES = `one of ${TASK_STATUSES.join(', ')}`;

const context = z.looseObject({ files: words, hints: z.nullish(text) }, 'a map with files and hints');
const result = z.looseObject({ summary: text, commit: z.nullish(text), by: z.nullish(text) }, 'a text, or a map');

// The seeds' names and those of --json. What else an entry holds is somebody else's.
const entry = z.looseObject(
  {
    id: z.nullish(word),
    description: text.check(z.refine((words) => words.trim() !== '', 'a text that says what to do')),
    status: z.nullish(z.enum(TASK_STATUSES as [TaskStatus], STATUSES)),
    claimed_by: z.nullish(text),
    claimedBy: z.nullish(text),
    priority: z.nullish(z.int('a whole number, 1 is first')),
    dependencies: words,
    context: z.nullish(context),
    scope: words,
    needs: words,
    attempt: z.nullish(z.int('a whole number')),
    result: z.nullish(z.union([text, result], 'a text, or a map with summary and commit')),
    reason: z.nullish(text),
    createdAt: moment,
    doneAt: moment,
  },
  'a map with at least a description',
);

type RawEntry = z.infer<typeof entry>;

/**
 * The tasks in a text: a document with `tasks`, a list of them, or one a line.
 * @throws UserError exit 2 that names the entry, the field and what was expected there.
 */
export function parseTasks(source: string): TaskEntry[] {
  return entriesIn(source).map((raw, index) => {
    const read = entry.safeParse(raw);
    if (read.success) return entryOf(read.data);
    const [issue] = read.error.issues;
    const field = issue?.path.join('.') || 'the entry';
    throw unreadable(`${nameOf(raw, index)}: ${field} is expected to be ${issue?.message}.`);
  });
}

function entryOf(raw: RawEntry): TaskEntry {
  const result = typeof raw.result === 'string' ? { summary: raw.result } : raw.result;
  return {
    id: raw.id == null ? null : String(raw.id),
    description: raw.description,
    status: raw.status ?? 'available',
    claimedBy: raw.claimed_by ?? raw.claimedBy ?? null,
    priority: raw.priority ?? DEFAULT_PRIORITY,
    dependencies: texts(raw.dependencies),
    context: { files: texts(raw.context?.files), hints: raw.context?.hints ?? '' },
    scope: texts(raw.scope),
    needs: texts(raw.needs),
    attempt: raw.attempt ?? 0,
    result: result ? { summary: result.summary, commit: result.commit ?? null, by: result.by ?? null } : null,
    reason: raw.reason ?? null,
    createdAt: raw.createdAt ?? null,
    doneAt: raw.doneAt ?? null,
  };
}

const texts = (list: readonly (string | number)[] | null | undefined) => (list ?? []).map(String);

function entriesIn(source: string): unknown[] {
  const document = parsed(source);
  if (Array.isArray(document)) return document;
  if (typeof document === 'object' && document !== null && 'tasks' in document && Array.isArray(document.tasks)) {
    return document.tasks;
  }
  if (typeof document === 'object' && document !== null && 'description' in document) return [document];
  throw unreadable('There are no tasks in it: expected {"tasks": […]}, a list of tasks, or a task a line.');
}

/** The document, or the list of what its lines hold. */
function parsed(source: string): unknown {
  const plain = source.replace(/^\uFEFF/, '').trim();
  if (plain === '') throw unreadable('It is empty.');
  try {
    return JSON.parse(plain);
  } catch (whole) {
    const lines = plain.split('\n').filter((line) => line.trim() !== '');
    try {
      return lines.map((line) => JSON.parse(line));
    } catch {
      throw unreadable(`It is no JSON: ${messageOf(whole)}.`);
    }
  }
}

function nameOf(raw: unknown, index: number): string {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  return `tasks[${index}]${id === undefined || id === null ? '' : ` (${id})`}`;
}

function unreadable(why: string): UserError {
  return new UserError({
    code: 'BAD_TASK_FILE',
    exit: exit.usage,
    message: `The tasks can't be read. ${why}`,
    hint: `{"tasks": [{"id": "task-001", "description": "What to do"}]}`,
  });
}
