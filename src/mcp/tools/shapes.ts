import { z } from 'zod';
import { MEMORY_KINDS } from '../../board/memory.ts';
import { MESSAGE_STATES, MESSAGE_TYPES, PRIORITIES } from '../../board/messages/types.ts';
import { TASK_STATUSES } from '../../board/tasks/types.ts';

/** The plan, as tools show it. */
export const planShape = z.object({
  goal: z.string(),
  plan: z.string(),
  by: z.string(),
  at: z.string(),
  version: z.number(),
});

/** A task, as tools show it. */
export const taskShape = z.object({
  id: z.string(),
  description: z.string(),
  status: z.enum(TASK_STATUSES),
  priority: z.number(),
  dependencies: z.array(z.string()),
  context: z.object({ files: z.array(z.string()), hints: z.string() }),
  scope: z.array(z.string()),
  needs: z.array(z.string()),
  claimed_by: z.string().nullable(),
  attempt: z.number(),
  strandings: z.number(),
  lease_until: z.string().nullable(),
  result: z.object({ summary: z.string(), commit: z.string().nullable(), by: z.string(), at: z.string() }).nullable(),
  reason: z.string().nullable(),
  created_by: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  done_at: z.string().nullable(),
  version: z.number(),
});

/** A message, as tools show it. */
export const messageShape = z.object({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  type: z.enum(MESSAGE_TYPES),
  priority: z.enum(PRIORITIES),
  task_id: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
  text: z.string(),
  state: z.enum(MESSAGE_STATES),
  reply_to: z.string().nullable(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
});

/** Something known, as tools show it. */
export const memoryShape = z.object({
  id: z.number(),
  owner: z.string().nullable().describe("null: the team's"),
  kind: z.enum(MEMORY_KINDS),
  text: z.string(),
  task_id: z.string().nullable(),
  created_by: z.string(),
  created_at: z.string(),
});

/** A tool's argument that names a task. */
export const taskIdInput = z.string().min(1).describe('Id of the task, as task-001.');

/** A tool's argument that keeps it from ending another attempt than the caller's. */
export const attemptInput = z
  .number()
  .int()
  .optional()
  .describe('The attempt that claim_task told: a later one is left alone, and you are told.');

/** A tool's argument that says for how long to wait. */
export const waitInput = z
  .number()
  .int()
  .min(0)
  .optional()
  .describe('Milliseconds to wait for it, 50000 at most in one call (clients give up after a minute). Default: 0.');
