import type { Tool } from '../tool.ts';
import { agentTools } from './agents.ts';
import { memoryTools } from './memory.ts';
import { mergeTools } from './merge.ts';
import { messageTools } from './messages.ts';
import { planTools } from './plan.ts';
import { questionTools } from './questions.ts';
import { taskTools } from './tasks.ts';
import { teamTools } from './team.ts';
import { workTools } from './work.ts';

/** All tools, in the order in which they are listed. */
export const TOOLS: readonly Tool[] = [
  ...planTools,
  ...taskTools,
  ...workTools,
  ...messageTools,
  ...questionTools,
  ...memoryTools,
  ...teamTools,
  ...agentTools,
  ...mergeTools,
];
