import type { AgentRow } from '../../store/schema.ts';
import { TEXT_LIMIT } from '../messages/limits.ts';
import type { Task } from './types.ts';

/** Characters of a description that fit into a message in any case. */
const FITS = 4000;

/** A task as a program is given it (S0-19), with where an agent does it, and what else there is to say of it. */
export function assignmentPayload(
  { description, context, dependencies, priority }: Task,
  { branch, worktree }: Pick<AgentRow, 'branch' | 'worktree'>,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const hints = context.hints.trim() === '' ? [] : [context.hints];
  const rest = { branch, workingDirectory: worktree, dependencies, priority, estimatedDuration: null, ...more };
  const whole = { description, context: [...context.files, ...hints], ...rest };
  if (Buffer.byteLength(JSON.stringify(whole)) <= TEXT_LIMIT) return whole;
  // All of it is on the board.
  return { ...whole, description: description.slice(0, FITS), context: [] };
}
