import { z } from 'zod';
import { setPlan } from '../../board/plan.ts';
import { SETS, tool } from '../tool.ts';
import { planShape } from './shapes.ts';

const initCoordination = tool({
  name: 'init_coordination',
  title: 'Set the goal and the plan',
  description:
    "Sets the team's goal and master plan; every agent can read them. Call it again as your understanding grows: the newer text takes the older one's place, and without `plan` the plan stays as it is. Tasks stay.",
  input: z.strictObject({
    goal: z.string().min(1).describe('What the team is to achieve, in a few sentences.'),
    plan: z.string().optional().describe('The master plan, in Markdown: approach, structure, decisions, order.'),
  }),
  output: z.object({ plan: planShape }),
  annotations: SETS,
  leaders: true,
  run: async ({ board, me }, { goal, plan }) => {
    const set = await setPlan(board, me, { goal, plan });
    return { result: { plan: set }, text: `The plan is set (version ${set.version}). Now: create_task.` };
  },
});

export const planTools = [initCoordination];
