import { ring } from '../bell.ts';
import { type Board, transact } from '../context.ts';

/** A transaction on the tasks that tells everybody who listens, once it is through. */
export function changeTasks<T>(board: Board, work: (within: Board) => Promise<T>): Promise<T> {
  return transact(board, async (within) => {
    const result = await work(within);
    ring(within);
    return result;
  });
}
