import { z } from 'zod';
import { allAgents } from '../../agents/records.ts';
import type { Participant } from '../../board/participants.ts';
import { openQuestions } from '../../board/questions.ts';
import { listParticipants, resolveParticipant } from '../../board/roster.ts';
import { listTasks } from '../../board/tasks/read.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { Call } from '../call.ts';
import { snakeKeys } from '../snake.ts';
import { READS, tool } from '../tool.ts';
import { messageShape, taskShape } from './shapes.ts';

const agentShape = z.object({
  name: z.string(),
  kind: z.enum(['agent', 'guest', 'person']),
  role: z.string(),
  leads: z.boolean(),
  status: z.string().nullable().describe('Null for who is no agent of swarm.'),
  reason: z.string().nullable(),
  since: z.string().nullable(),
  cli: z.string().nullable(),
  ticket: z.string().nullable(),
  branch: z.string().nullable(),
  worktree: z.string().nullable(),
  tasks: z.array(z.string()).describe('Ids of the tasks that it holds.'),
});

const list = tool({
  name: 'list_agents',
  title: 'List the team',
  description: 'Everybody in the team: the agents with their status, guests, and the person.',
  input: z.strictObject({}),
  output: z.object({ agents: z.array(agentShape) }),
  annotations: READS,
  run: async (call) => {
    const show = await viewer(call);
    const agents = (await listParticipants(call.board)).map(show);
    const text = agents.map(({ name, role, status }) => `${name} (${role})${status === null ? '' : `: ${status}`}`);
    return { result: { agents }, text: text.join('\n') };
  },
});

const get = tool({
  name: 'get_agent',
  title: 'Look at one of the team',
  description:
    'One of the team in full: its status, the tasks that it holds, and its questions that nobody has answered yet.',
  input: z.strictObject({
    name: z.string().min(1).describe("A name, an agent's number or ticket, 'leader' or 'person'."),
  }),
  output: z.object({ agent: agentShape, tasks: z.array(taskShape), open_questions: z.array(messageShape) }),
  annotations: READS,
  run: async (call, { name }) => {
    const { board } = call;
    const who = await resolveParticipant(board, name);
    const agent = (await viewer(call))(who);
    const tasks = (await listTasks(board, { status: ['claimed'], claimedBy: who.id })).map(snakeKeys);
    const questions = (await openQuestions(board, { from: who.id })).map((one) => messageShape.parse(snakeKeys(one)));
    const status = agent.status === null ? '' : `: ${agent.status} (${agent.reason ?? 'no reason'})`;
    const text = `${agent.name} (${agent.role})${status}; holds ${agent.tasks.join(', ') || 'no task'}.`;
    return { result: { agent, tasks, open_questions: questions }, text };
  },
});

/** Shows participants with what is known of them as agents. */
async function viewer({ session, board }: Call): Promise<(who: Participant) => z.infer<typeof agentShape>> {
  const [rows, tasks] = await Promise.all([allAgents(session.db), listTasks(board, { status: ['claimed'] })]);
  return ({ id, name, kind, role, leads }) => {
    const row: Partial<AgentRow> = rows.find((one) => one.id === id) ?? {};
    const { status = null, reason = null, since = null, cli = null } = row;
    const { ticket = null, branch = null, worktree = null } = row;
    const held = tasks.filter(({ claimedBy }) => claimedBy === name).map((task) => task.id);
    return { name, kind, role, leads, status, reason, since, cli, ticket, branch, worktree, tasks: held };
  };
}

/** Who is in the team. */
export const agentTools = [list, get];
