import { z } from 'zod';
import { addMemory, MEMORY_KINDS, searchMemory } from '../../board/memory.ts';
import { fullTaskId } from '../../board/tasks/read.ts';
import { snakeKeys } from '../snake.ts';
import { READS, SETS, tool } from '../tool.ts';
import { memoryShape, taskIdInput } from './shapes.ts';

const discover = tool({
  name: 'add_discovery',
  title: 'Share a finding',
  description:
    'Shares with the whole team what you found out and others should know: how something works, a trap, a decision. The same text is kept once.',
  input: z.strictObject({
    text: z.string().min(1).describe('The finding.'),
    task_id: taskIdInput.optional().describe('The task during which it was found.'),
  }),
  output: z.object({ discovery: memoryShape }),
  annotations: SETS,
  run: async ({ board, me }, { text, task_id }) => {
    const memory = await addMemory(board, me, {
      kind: 'discoveries',
      text,
      team: true,
      taskId: await fullTaskId(board, task_id),
    });
    return { result: { discovery: snakeKeys(memory) }, text: 'Shared with the team.' };
  },
});

const add = tool({
  name: 'add_memory',
  title: 'Remember something',
  description:
    'Keeps something in mind for you (you are given it again after a restart), or for the whole team. The same text is kept once.',
  input: z.strictObject({
    kind: z.enum(MEMORY_KINDS),
    text: z.string().min(1),
    team: z.boolean().default(false).describe("Whether it is the whole team's."),
    task_id: taskIdInput.optional(),
  }),
  output: z.object({ memory: memoryShape }),
  annotations: SETS,
  run: async ({ board, me }, { kind, text, team, task_id }) => {
    const memory = await addMemory(board, me, { kind, text, team, taskId: await fullTaskId(board, task_id) });
    return { result: { memory: snakeKeys(memory) }, text: `Kept (${kind}).` };
  },
});

const get = tool({
  name: 'get_memory',
  title: 'Search the memory',
  description: 'What you and the team know; the newest first.',
  input: z.strictObject({
    query: z.string().optional().describe('All of its words must be there, in any case and order.'),
    kind: z.enum(MEMORY_KINDS).optional(),
    whose: z.enum(['own', 'team']).optional().describe('Default: both.'),
    limit: z.number().int().min(1).max(200).optional().describe('Default: 50.'),
  }),
  output: z.object({ memories: z.array(memoryShape) }),
  annotations: READS,
  run: async ({ board, me }, search) => {
    const memories = (await searchMemory(board, me, search)).map(snakeKeys);
    return {
      result: { memories },
      text: memories.map(({ kind, text }) => `${kind}: ${text}`).join('\n') || 'Nothing.',
    };
  },
});

/** What is known. */
export const memoryTools = [discover, add, get];
