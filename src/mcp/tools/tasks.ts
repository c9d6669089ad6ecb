import { z } from 'zod';
import { resolveParticipant } from '../../board/roster.ts';
import { addTask } from '../../board/tasks/add.ts';
import { changeTask } from '../../board/tasks/change-task.ts';
import { listTasks } from '../../board/tasks/read.ts';
import { DEFAULT_PRIORITY, TASK_STATUSES } from '../../board/tasks/types.ts';
import { snakeKeys } from '../snake.ts';
import { READS, SETS, tool, WRITES } from '../tool.ts';
import { seeToWork } from '../watched.ts';
import { attemptInput, taskIdInput, taskShape } from './shapes.ts';

/** What a task asks for. */
const wish = {
  priority: z.number().int().optional().describe(`1 comes first; default ${DEFAULT_PRIORITY}.`),
  dependencies: z.array(z.string()).optional().describe('Ids of tasks that must be done before.'),
  context: z
    .strictObject({ files: z.array(z.string()).exactOptional(), hints: z.string().exactOptional() })
    .optional()
    .describe('Files to look at, and whatever else a worker should know.'),
  scope: z
    .array(z.string())
    .optional()
    .describe('Patterns of the files that it will change (src/api/**): tasks that overlap are not worked on at once.'),
  needs: z.array(z.string()).optional().describe('What whoever claims it must be capable of: a role, an agent CLI, …'),
};

const create = tool({
  name: 'create_task',
  title: 'Add a task to the queue',
  description:
    'Adds a task to the queue. A good task is atomic, specific and bounded (5 to 15 minutes), and names the files it is about.',
  input: z.strictObject({ description: z.string().min(1).describe('What to do, and when it is done.'), ...wish }),
  output: z.object({ task: taskShape }),
  annotations: WRITES,
  leaders: true,
  run: async (call, args) => {
    const task = await addTask(call.board, call.me, args);
    const note = await seeToWork(call);
    return { result: { task: snakeKeys(task) }, text: `${task.id} is ${task.status}.${note}` };
  },
});

const list = tool({
  name: 'list_tasks',
  title: 'List the tasks',
  description: 'The tasks in the order in which they are claimed: by priority, then age.',
  input: z.strictObject({
    status: z.array(z.enum(TASK_STATUSES)).optional().describe('Only these. Default: all.'),
    claimed_by: z.string().optional().describe("Only those of this participant; 'me' for yours."),
    limit: z.number().int().min(1).max(500).default(100).describe('At most so many.'),
  }),
  output: z.object({ tasks: z.array(taskShape), total: z.number().describe('How many fit, shown or not.') }),
  annotations: READS,
  run: async ({ board, me }, { status, claimed_by: word, limit }) => {
    const by = word === undefined ? undefined : word === 'me' ? me : await resolveParticipant(board, word);
    const all = await listTasks(board, {
      ...(status === undefined ? {} : { status }),
      ...(by === undefined ? {} : { claimedBy: by.id }),
    });
    const tasks = all.slice(0, limit);
    const text = `${tasks.length} of ${all.length} tasks.`;
    return { result: { tasks: tasks.map(snakeKeys), total: all.length }, text };
  },
});

const update = tool({
  name: 'update_task',
  title: 'Change a task',
  description:
    'Changes what a task asks for, gives it to somebody, holds it back or lets it go again; lists take the place of those it had. Only for leaders, but for this: whoever holds a task may hold it back (status blocked, with a reason).',
  input: z.strictObject({
    task_id: taskIdInput,
    description: z.string().min(1).optional(),
    ...wish,
    assign_to: z.string().optional().describe('Give it to this participant, whoever had it.'),
    status: z
      .enum(['blocked', 'available'])
      .optional()
      .describe(
        'blocked: nobody can claim it until it is available again, which also opens a failed or done one anew.',
      ),
    reason: z.string().optional().describe('Why: with status, needed for blocked.'),
    attempt: attemptInput,
  }),
  output: z.object({ task: taskShape }),
  annotations: SETS,
  run: async (call, { task_id: id, assign_to, status, reason, attempt, ...edit }) => {
    const change = { edit, status, reason, assign: assign_to, attempt };
    const task = await changeTask(call.board, call.me, id, change);
    const text = `${task.id} is ${task.status} (version ${task.version}).${await seeToWork(call)}`;
    return { result: { task: snakeKeys(task) }, text };
  },
});

/** The queue itself. */
export const taskTools = [create, list, update];
