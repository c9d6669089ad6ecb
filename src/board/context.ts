import type { SessionDb } from '../store/open.ts';
import { ring } from './bell.ts';

/** The board of a session: what its functions need of it. */
export interface Board {
  readonly db: SessionDb;
  /** The session's state folder. */
  readonly stateDir: string;
  /** Milliseconds that a claim lasts without a sign of life of whoever holds it. */
  readonly lease: number;
  /** Within a transaction: the bells that are rung once it is through. */
  readonly bells?: Set<string>;
}

/** What a session has of a board. */
export interface HasBoard {
  readonly db: SessionDb;
  readonly repo: { readonly stateDir: string };
  readonly config: { readonly limits: { readonly taskTimeout: number } };
}

export function boardOf({ db, repo, config }: HasBoard): Board {
  return { db, stateDir: repo.stateDir, lease: config.limits.taskTimeout };
}

/**
 * Runs `work` in one transaction: all of it happens, or nothing. Inside, only the board that it is given may be used. Within
 * another one's transaction it is part of that. Bells that are rung inside are heard after it: who hears one looks at once.
 */
export async function transact<T>(board: Board, work: (within: Board) => Promise<T>): Promise<T> {
  if (board.db.isTransaction) return work(board);
  const bells = new Set<string>();
  const result = await board.db.transaction().execute((db) => work({ ...board, db, bells }));
  if (bells.size > 0) ring(board, ...bells);
  return result;
}
