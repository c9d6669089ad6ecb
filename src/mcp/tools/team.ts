import { z } from 'zod';
import { allAgents } from '../../agents/records.ts';
import { readPlan } from '../../board/plan.ts';
import { progressOf } from '../../board/progress.ts';
import { READS, tool } from '../tool.ts';

const getStatus = tool({
  name: 'get_status',
  title: 'Progress of the team',
  description: 'How far the team is: its goal, how many tasks there are by status, and how each agent is doing.',
  input: z.strictObject({}),
  output: z.object({
    goal: z.string().nullable(),
    tasks: z.object({
      total: z.number(),
      available: z.number(),
      claimed: z.number(),
      blocked: z.number(),
      done: z.number(),
      failed: z.number(),
    }),
    agents: z.array(
      z.object({ name: z.string(), role: z.string(), status: z.string(), reason: z.string().nullable() }),
    ),
    you: z.object({ name: z.string(), role: z.string(), leads: z.boolean() }),
  }),
  annotations: READS,
  run: async ({ session, board, me }) => {
    const [plan, tasks, rows] = await Promise.all([readPlan(board), progressOf(board), allAgents(session.db)]);
    const agents = rows.map(({ name, role, status, reason }) => ({ name, role, status, reason }));
    const you = { name: me.name, role: me.role, leads: me.leads };
    const counts = `${tasks.done} of ${tasks.total} tasks done; ${tasks.claimed} claimed, ${tasks.available} available, ${tasks.blocked} blocked, ${tasks.failed} failed.`;
    const lines = agents.map(({ name, role, status }) => `${name} (${role}): ${status}`);
    return { result: { goal: plan?.goal ?? null, tasks, agents, you }, text: [counts, ...lines].join('\n') };
  },
});

export const teamTools = [getStatus];
