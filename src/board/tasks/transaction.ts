import { ring } from '../bell.ts';
import { type Board, transact } from '../context.ts';

/** A transaction on the tasks that tells everybody who listens, once it is through; within another one that one tells. */
export async function changeTasks<T>(board: Board, work: (within: Board) => Promise<T>): Promise<T> {
  const result = await transact(board, work);
  if (!board.db.isTransaction) ring(board);
  return result;
}
