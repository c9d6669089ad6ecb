import { exit, UserError } from '../lib/errors.ts';
import { caseless, oneLine } from '../lib/text.ts';
import type { MemoryRow } from '../store/board-schema.ts';
import { ring } from './bell.ts';
import { type Board, transact } from './context.ts';
import { recordEvent } from './events.ts';
import type { Participant } from './participants.ts';
import { namesOf } from './roster.ts';

/** What is worth knowing later. */
export const MEMORY_KINDS = ['files', 'concepts', 'decisions', 'blockers', 'discoveries'] as const;
export type MemoryKind = (typeof MEMORY_KINDS)[number];

/** Something that an agent, or the team, knows. */
export interface Memory {
  readonly id: number;
  /** Name; null: the team's. */
  readonly owner: string | null;
  readonly kind: MemoryKind;
  readonly text: string;
  readonly taskId: string | null;
  /** Name. */
  readonly createdBy: string;
  readonly createdAt: string;
}

export interface MemoryWish {
  readonly kind: MemoryKind;
  readonly text: string;
  /** Whether it is everybody's. */
  readonly team: boolean;
  readonly taskId?: string | null | undefined;
}

export interface MemorySearch {
  /** All of its words have to be there, in any case and order. */
  readonly query?: string | undefined;
  readonly kind?: MemoryKind | undefined;
  /** `team`: the team's. `own`: mine. Left out: both. */
  readonly whose?: 'team' | 'own' | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

type StoredMemory = Omit<MemoryRow, 'id'> & { readonly id: number };

/** Entries that are looked through at a time. */
const BATCH = 500;
/** Bytes of one entry: a note, no archive. */
const LIMIT = 16 * 1024;
/** Characters of it that the history keeps. */
const PREVIEW = 200;

/** Keeps something in mind; the same text of the same kind is kept once. @throws UserError exit 2 for a text that can't be kept. */
export async function addMemory(board: Board, by: Participant, wish: MemoryWish): Promise<Memory> {
  const text = checked(wish.text);
  const owner = wish.team ? null : by.id;
  const row = await transact(board, async ({ db }) => {
    const same = db.selectFrom('memory').selectAll().where('kind', '=', wish.kind).where('text', '=', text);
    const known = await (owner === null
      ? same.where('owner', 'is', null)
      : same.where('owner', '=', owner)
    ).executeTakeFirst();
    if (known !== undefined) return known;
    const created_at = new Date().toISOString();
    const values = { owner, kind: wish.kind, text, task_id: wish.taskId ?? null, created_by: by.id, created_at };
    const added = await db.insertInto('memory').values(values).returningAll().executeTakeFirstOrThrow();
    const { id } = added;
    await recordEvent(db, by.name, 'memory', { id, kind: wish.kind, team: wish.team, text: oneLine(text, PREVIEW) });
    return added;
  });
  ring(board);
  return toMemory(row, await namesOf(board));
}

/** What the team, or oneself, knows; the newest first. */
export async function searchMemory(
  board: Board,
  me: Participant,
  { query = '', limit = 50, ...which }: MemorySearch = {},
): Promise<Memory[]> {
  const words = query.split(/\s+/u).flatMap((word) => (word === '' ? [] : caseless(word)));
  const found: StoredMemory[] = [];
  for (let before: number | undefined, more = true; more && found.length < limit; ) {
    const rows = await entriesBefore(board, me, which, before, words.length === 0 ? limit : BATCH);
    found.push(...rows.filter(({ text }) => hasAll(text, words)));
    before = rows.at(-1)?.id;
    more = words.length > 0 && rows.length === BATCH;
  }
  const nameOf = await namesOf(board);
  return found.slice(0, limit).map((row) => toMemory(row, nameOf));
}

/** The newest so many of those that are asked for and older than one. */
function entriesBefore(
  { db }: Board,
  me: Participant,
  { kind, whose }: Pick<MemorySearch, 'kind' | 'whose'>,
  before: number | undefined,
  limit: number,
): Promise<StoredMemory[]> {
  let found = db.selectFrom('memory').selectAll();
  if (whose !== 'own' && whose !== 'team') {
    found = found.where((eb) => eb.or([eb('owner', 'is', null), eb('owner', '=', me.id)]));
  } else {
    found = whose === 'team' ? found.where('owner', 'is', null) : found.where('owner', '=', me.id);
  }
  if (kind !== undefined) found = found.where('kind', '=', kind);
  if (before !== undefined) found = found.where('id', '<', before);
  return found.orderBy('id', 'desc').limit(limit).execute();
}

/** Compared here: the database knows the upper and lower case of ASCII letters alone. */
function hasAll(text: string, words: readonly string[]): boolean {
  const all = words.length === 0 ? '' : caseless(text);
  return words.every((word) => all.includes(word));
}

/** Forgets one entry: one's own, one that oneself wrote for the team, or any for who leads. @throws UserError exit 3 or 4. */
export async function removeMemory(board: Board, by: Participant, id: number): Promise<Memory> {
  const removed = await transact(board, async ({ db }) => {
    const row = await db.selectFrom('memory').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw noSuch(id);
    if (!by.leads && row.owner !== by.id && row.created_by !== by.id) throw notYours(row);
    await db.deleteFrom('memory').where('id', '=', id).execute();
    const data = { id, kind: row.kind, text: oneLine(row.text, PREVIEW) };
    await recordEvent(db, by.name, 'memory-removed', data);
    return row;
  });
  ring(board);
  return toMemory(removed, await namesOf(board));
}

function toMemory(row: StoredMemory, nameOf: (id: string) => string): Memory {
  return {
    id: row.id,
    owner: row.owner === null ? null : nameOf(row.owner),
    kind: row.kind as MemoryKind,
    text: row.text,
    taskId: row.task_id,
    createdBy: nameOf(row.created_by),
    createdAt: row.created_at,
  };
}

function checked(text: string): string {
  const kept = text.toWellFormed().trim();
  const bytes = Buffer.byteLength(kept);
  if (kept !== '' && bytes <= LIMIT && !kept.includes('\0')) return kept;
  const what =
    kept === '' ? 'empty' : bytes > LIMIT ? `${bytes} bytes long (at most ${LIMIT})` : 'with a NUL character in it';
  throw new UserError({
    code: 'BAD_MEMORY',
    exit: exit.usage,
    message: `That can't be kept in mind: it is ${what}.`,
    hint: 'swarm memory add --kind decisions "We use one schema."',
  });
}

function noSuch(id: number): UserError {
  return new UserError({
    code: 'NO_SUCH_MEMORY',
    exit: exit.notFound,
    message: `Nothing is kept in mind under the number ${id}.`,
    hint: 'swarm memory list',
    details: { id },
  });
}

function notYours({ id, kind }: { readonly id: number; readonly kind: string }): UserError {
  return new UserError({
    code: 'NOT_YOURS',
    exit: exit.refused,
    message: `Number ${id} (${kind}) was written by somebody else: they can remove it, or who leads.`,
    hint: 'swarm memory list',
    details: { id },
  });
}
