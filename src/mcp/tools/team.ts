import { z } from 'zod';
import { allAgents } from '../../agents/records.ts';
import { recordEvent } from '../../board/events.ts';
import { peekInbox } from '../../board/messages/inbox.ts';
import { postMessage } from '../../board/messages/post.ts';
import { readPlan } from '../../board/plan.ts';
import { progressOf } from '../../board/progress.ts';
import { openQuestions } from '../../board/questions.ts';
import { resolveParticipant } from '../../board/roster.ts';
import { listTasks, readTask } from '../../board/tasks/read.ts';
import { UserError } from '../../lib/errors.ts';
import type { Call } from '../call.ts';
import { READS, SETS, tool, WRITES } from '../tool.ts';
import { taskIdInput } from './shapes.ts';

const youShape = z.object({
  name: z.string(),
  role: z.string(),
  leads: z.boolean(),
  tasks: z.array(z.string()).describe('Ids of the tasks that you hold.'),
  unread: z.number().describe('Messages in your inbox.'),
});

const getStatus = tool({
  name: 'get_status',
  title: 'Progress of the team',
  description: 'How far the team is: its goal, how many tasks there are by status, how each agent is doing, and you.',
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
    open_questions: z.number(),
    you: youShape,
  }),
  annotations: READS,
  run: async (call) => {
    const { session, board } = call;
    const [plan, tasks, rows, questions, you] = await Promise.all([
      readPlan(board),
      progressOf(board),
      allAgents(session.db),
      openQuestions(board),
      yourself(call),
    ]);
    const agents = rows.map(({ name, role, status, reason }) => ({ name, role, status, reason }));
    const counts = `${tasks.done} of ${tasks.total} tasks done; ${tasks.claimed} claimed, ${tasks.available} available, ${tasks.blocked} blocked, ${tasks.failed} failed.`;
    const lines = agents.map(({ name, role, status }) => `${name} (${role}): ${status}`);
    return {
      result: { goal: plan?.goal ?? null, tasks, agents, open_questions: questions.length, you },
      text: [counts, ...lines].join('\n'),
    };
  },
});

const heartbeat = tool({
  name: 'heartbeat',
  title: 'Say that you are there',
  description:
    'A sign of life: the tasks that you hold stay yours. Any other call is one as well, so it is needed only during long work without any. Tells what waits for you.',
  input: z.strictObject({}),
  output: z.object({ you: youShape }),
  annotations: SETS,
  run: async (call) => {
    const you = await yourself(call);
    return { result: { you }, text: `You hold ${you.tasks.join(', ') || 'no task'}; ${you.unread} messages wait.` };
  },
});

const reportProgress = tool({
  name: 'report_progress',
  title: 'Report progress',
  description:
    'Tells how far you are, for the history and for a leading agent (as a STATUS_UPDATE of low priority). It is a sign of life as well.',
  input: z.strictObject({
    text: z.string().min(1).describe('One sentence.'),
    task_id: taskIdInput.optional().describe('The task that it is about.'),
    percent: z.number().min(0).max(100).optional(),
  }),
  output: z.object({ told: z.string().nullable().describe('Who got it as a message.') }),
  annotations: WRITES,
  run: async (call, { text, task_id, percent }) => {
    const { board, me } = call;
    const taskId = task_id === undefined ? null : (await readTask(board, task_id)).id;
    await recordEvent(board.db, me.name, 'progress', { task: taskId, text, percent: percent ?? null });
    const told = await tellLeader(call, text, taskId, percent ?? null);
    return { result: { told }, text: told === null ? 'Noted.' : `Noted, and ${told} is told.` };
  },
});

/** Milliseconds after which nobody needs to know how far somebody was. */
const STALE = 30 * 60_000;

/** Tells an agent that leads; the person reads the history. A full inbox must not stop who works. */
async function tellLeader(
  { board, me }: Call,
  text: string,
  taskId: string | null,
  percent: number | null,
): Promise<string | null> {
  const leader = await resolveParticipant(board, 'leader');
  if (leader.kind !== 'agent' || leader.id === me.id) return null;
  const wish = {
    type: 'STATUS_UPDATE',
    priority: 'low',
    expiresIn: STALE,
    taskId,
    text,
    payload: { percent },
  } as const;
  try {
    await postMessage(board, me, { ...wish, to: [leader] });
    return leader.name;
  } catch (error) {
    if (error instanceof UserError && error.code === 'INBOX_FULL') return null;
    throw error;
  }
}

async function yourself({ board, me }: Call): Promise<z.infer<typeof youShape>> {
  const [tasks, inbox] = await Promise.all([
    listTasks(board, { status: ['claimed'], claimedBy: me.id }),
    peekInbox(board, me, { limit: 1000 }),
  ]);
  const { name, role, leads } = me;
  return { name, role, leads, tasks: tasks.map(({ id }) => id), unread: inbox.length };
}

/** How the team and its members are doing. */
export const teamTools = [getStatus, heartbeat, reportProgress];
