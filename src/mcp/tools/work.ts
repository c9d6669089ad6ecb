import { z } from 'zod';
import { progressOf } from '../../board/progress.ts';
import { claimTask } from '../../board/tasks/claim.ts';
import { completeTask, failTask } from '../../board/tasks/finish.ts';
import { releaseTask } from '../../board/tasks/release.ts';
import type { Task } from '../../board/tasks/types.ts';
import type { Call } from '../call.ts';
import { snakeKeys } from '../snake.ts';
import { SETS, tool, WRITES } from '../tool.ts';
import { seeToWork } from '../watched.ts';
import { attemptInput, taskIdInput, taskShape } from './shapes.ts';

const claim = tool({
  name: 'claim_task',
  title: 'Claim a task',
  description:
    'Claims a task, so that nobody else works on it: the one you name, or the first that you can do. Whoever is asked again while holding one gets that one again. task null means that nothing can be claimed now, and reason says why.',
  input: z.strictObject({
    task_id: taskIdInput.optional().describe('Claim exactly this one. Default: the first that can be claimed.'),
    capabilities: z.array(z.string()).optional().describe('What you can do beside your role, where tasks ask for it.'),
  }),
  output: z.object({ task: taskShape.nullable(), reason: z.string().nullable() }),
  annotations: SETS,
  run: async ({ board, me }, { task_id, capabilities }) => {
    const { task, reason } = await claimTask(board, me, { id: task_id, capabilities });
    if (task === null) return { result: { task, reason }, text: `No task: ${reason}` };
    const { files, hints } = task.context;
    const more = [files.length === 0 ? '' : `Files: ${files.join(', ')}`, hints].filter(Boolean);
    const text = [`You hold ${task.id}: ${task.description}`, ...more, 'When it is done: complete_task.'].join('\n');
    return { result: { task: snakeKeys(task), reason }, text };
  },
});

const complete = tool({
  name: 'complete_task',
  title: 'Report a task done',
  description:
    'Reports a task that you hold as done, with what you did and found. Commit your work first and name the commit. Those that waited for it can be claimed then.',
  input: z.strictObject({
    task_id: taskIdInput,
    result: z.string().min(1).describe('What was done, what others should know: a few sentences.'),
    commit: z.string().optional().describe('The commit that holds the work.'),
    attempt: attemptInput,
  }),
  output: z.object({ task: taskShape }),
  annotations: SETS,
  run: async (call, { task_id, result: summary, commit, attempt }) =>
    ended(call, await completeTask(call.board, call.me, task_id, { summary, commit, attempt })),
});

const fail = tool({
  name: 'fail_task',
  title: 'Report that a task failed',
  description:
    'Reports that a task that you hold cannot be done as it is, and why. What depends on it stays blocked until a leader decides. To give it back for somebody else: release_task.',
  input: z.strictObject({
    task_id: taskIdInput,
    reason: z.string().min(1).describe('Why it cannot be done.'),
    attempt: attemptInput,
  }),
  output: z.object({ task: taskShape }),
  annotations: WRITES,
  run: async (call, { task_id, reason, attempt }) =>
    ended(call, await failTask(call.board, call.me, task_id, reason, attempt)),
});

const release = tool({
  name: 'release_task',
  title: 'Give a task back',
  description: 'Gives a task that you hold back to the queue, for somebody else.',
  input: z.strictObject({
    task_id: taskIdInput,
    reason: z.string().optional().describe('Why, and what was done already.'),
    attempt: attemptInput,
  }),
  output: z.object({ task: taskShape }),
  annotations: WRITES,
  run: async (call, { task_id, reason = null, attempt }) =>
    ended(call, await releaseTask(call.board, call.me, task_id, reason, attempt)),
});

/** What became of the task, and whether there is more to do. */
async function ended(call: Call, task: Task) {
  const { available, claimed, blocked } = await progressOf(call.board);
  const next = available > 0 ? `${available} can be claimed: claim_task.` : `None can be claimed now.`;
  const note = await seeToWork(call);
  const text = `${task.id} is ${task.status}. ${next} ${claimed} claimed, ${blocked} blocked.${note}`;
  return { result: { task: snakeKeys(task) }, text };
}

/** What whoever works on a task needs. */
export const workTools = [claim, complete, fail, release];
