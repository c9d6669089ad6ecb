import type { Task } from './types.ts';

/** The seeds' form of a task (S1-14), and nothing beside it. */
export function seedEntry(task: Task): Readonly<Record<string, unknown>> {
  const { id, description, status, claimedBy, priority, dependencies, context } = task;
  return { id, description, status, claimed_by: claimedBy, priority, dependencies, context };
}
