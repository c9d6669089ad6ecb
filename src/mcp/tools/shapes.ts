import { z } from 'zod';

/** The plan, as tools show it. */
export const planShape = z.object({
  goal: z.string(),
  plan: z.string(),
  by: z.string(),
  at: z.string(),
  version: z.number(),
});
