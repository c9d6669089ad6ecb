import type { Tool } from '../tool.ts';
import { planTools } from './plan.ts';
import { teamTools } from './team.ts';

/** All tools, in the order in which they are listed. */
export const TOOLS: readonly Tool[] = [...planTools, ...teamTools];
