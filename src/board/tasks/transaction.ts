import { ring } from '../bell.ts';
import { type Board, transact } from '../context.ts';

/** A transaction on the tasks that tells everybody who listens, once it is through. */
export async function changeTasks<T>(board: Board, work: (within: Board) => Promise<T>): Promise<T> {
  const result = await transact(board, work);
  ring(board);
  return result;
}
