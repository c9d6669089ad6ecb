import type { Task } from '../tasks/types.ts';
import type { FileTask } from './types.ts';

/** A task as the file has it, without the version that the file gives it. */
export function fileTask(task: Task): Omit<FileTask, 'version'> {
  const { id, description, status, claimedBy, priority, dependencies, context, scope, needs, reason } = task;
  return { id, description, status, claimed_by: claimedBy, priority, dependencies, context, scope, needs, reason };
}
