import type { TaskRow } from '../../store/board-schema.ts';
import type { Board } from '../context.ts';
import type { Participant } from '../participants.ts';
import { namesOf } from '../roster.ts';
import { alreadyOver, notYours, staleAttempt } from './refusals.ts';

export type TaskPatch = Partial<Omit<TaskRow, 'id' | 'seq' | 'version' | 'updated_at'>>;

/** What a claim leaves behind when it is over. */
export const UNCLAIMED = { claimed_by: null, claimed_at: null, lease_until: null } as const;

/** Changes a task as it was read just now, within a transaction. */
export function patchTask({ db }: Board, row: TaskRow, patch: TaskPatch): Promise<TaskRow> {
  return db
    .updateTable('tasks')
    .set({ ...patch, updated_at: new Date().toISOString(), version: row.version + 1 })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Who holds it has to be the caller, or the caller leads. @throws UserError exit 4 */
export async function requireMineOrLead(board: Board, by: Participant, row: TaskRow, verb: string): Promise<void> {
  if (by.leads || row.claimed_by === by.id) return;
  throw notYours(by, row.id, await nameOf(board, row.claimed_by), verb);
}

/** It is at the attempt that the caller speaks of; undefined: at any. @throws UserError exit 4 */
export async function requireAttempt(board: Board, row: TaskRow, attempt: number | undefined): Promise<void> {
  if (attempt === undefined || attempt === row.attempt) return;
  throw staleAttempt(row, await holderOf(board, row), attempt);
}

/** Name of who holds a task now; null: nobody does. */
export function holderOf(board: Board, row: TaskRow): Promise<string | null> {
  return nameOf(board, row.status === 'claimed' ? row.claimed_by : null);
}

/** It is not over. @throws UserError exit 4 */
export async function requireOpen(board: Board, row: TaskRow): Promise<void> {
  if (row.status !== 'done' && row.status !== 'failed') return;
  throw alreadyOver(row.id, row.status, await nameOf(board, row.last_by));
}

export async function nameOf(board: Board, id: string | null): Promise<string | null> {
  return id === null ? null : (await namesOf(board))(id);
}
