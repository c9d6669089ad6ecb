import { exit, UserError } from '../../lib/errors.ts';
import type { TaskEdit } from './edit.ts';

/** Characters of a description: what is longer belongs into a file that the context names. */
const MOST_TEXT = 20_000;
/** Entries of any list of a task. */
const MOST_ENTRIES = 500;
/** Patterns of a scope, and characters of one: they are compared with those of all open tasks while the board waits. */
const MOST_PATTERNS = 100;
const LONGEST_PATTERN = 250;
/** Lowest of the priorities. */
const LAST_PRIORITY = 1000;

/** @throws UserError exit 2 for what can't be a task. */
export function checkWish(wish: TaskEdit): void {
  if (wish.description !== undefined) {
    if (wish.description.trim() === '') throw bad('A task needs a description.', 'swarm task add "What to do"');
    requireText('description', wish.description);
  }
  requireText('hints', wish.context?.hints ?? '');
  const { priority } = wish;
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 1 && priority <= LAST_PRIORITY)) {
    throw bad(`A priority is a whole number from 1 (first) to ${LAST_PRIORITY}, not ${priority}.`, '--priority 1');
  }
  for (const list of [wish.dependencies, wish.scope, wish.needs, wish.context?.files]) requireList(list ?? []);
  requireShort(wish.scope ?? []);
  for (const path of [...(wish.scope ?? []), ...(wish.context?.files ?? [])]) requireInside(path);
}

/** An id that somebody else gave: plain enough to be a file's name. @throws UserError exit 2 */
export function checkId(id: string): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(id)) return;
  throw bad(`'${id}' can't be a task's id: up to 64 letters, digits, '.', '_' and '-'.`, 'task-001');
}

/** Why a task is held back (`block`) or can't be done (`fail`). @throws UserError exit 2 */
export function checkReason(id: string, verb: 'block' | 'fail', text: string): void {
  requireText('reason', text);
  if (text.trim() !== '') return;
  const what = verb === 'block' ? 'hold it back: what it waits for' : "give it up: why it can't be done";
  throw new UserError({
    code: 'NO_REASON',
    exit: exit.usage,
    message: `${id} needs a reason to ${what}.`,
    hint: `swarm task ${verb} ${id} "Why"`,
    details: { task: id },
  });
}

/** A report in words. @throws UserError exit 2 */
export function checkSummary(text: string): void {
  if (text.trim() === '') throw bad('A report needs a few words.', 'swarm task complete task-001 "What was done"');
  requireText('report', text);
}

function requireText(what: string, text: string): void {
  if (text.includes('\0')) throw bad(`The ${what} has a NUL character in it.`, null);
  if (text.length <= MOST_TEXT) return;
  throw bad(
    `The ${what} has ${text.length} characters, and at most ${MOST_TEXT} are kept.`,
    'Put it into a file of the repository, and name that with --file.',
  );
}

function requireList(list: readonly string[]): void {
  if (list.length > MOST_ENTRIES)
    throw bad(`A list has ${list.length} entries, and at most ${MOST_ENTRIES} are kept.`, null);
  for (const entry of list) {
    if (entry.trim() === '') throw bad('A list of the task has an empty entry.', null);
    requireText('entry of a list', entry);
  }
}

function requireShort(scope: readonly string[]): void {
  const hint = "Name the folders that they are in: --scope 'src/api/**'";
  if (scope.length > MOST_PATTERNS)
    throw bad(`A scope has ${scope.length} patterns, and at most ${MOST_PATTERNS} are kept.`, hint);
  const long = scope.find((pattern) => pattern.length > LONGEST_PATTERN);
  if (long === undefined) return;
  const start = `${long.slice(0, 40)}…`;
  throw bad(
    `A pattern of the scope has ${long.length} characters ('${start}'), and at most ${LONGEST_PATTERN} are kept.`,
    hint,
  );
}

/** Files are named as the repository has them. */
function requireInside(path: string): void {
  if (!path.startsWith('/') && !path.split('/').includes('..')) return;
  throw bad(`'${path}' leads out of the repository; files are named from its root.`, 'src/api/**');
}

function bad(message: string, hint: string | null): UserError {
  return new UserError({ code: 'BAD_TASK', exit: exit.usage, message, hint });
}
