import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { takesTasks } from '../agents/takes-tasks.ts';
import type { AgentStatus } from '../agents/types.ts';
import { ring } from '../board/bell.ts';
import { boardOf, transact } from '../board/context.ts';
import { enter, PERSON, participantOfAgent } from '../board/participants.ts';
import { claimTask } from '../board/tasks/claim.ts';
import { postAssignment } from '../board/tasks/give.ts';
import { listTasks } from '../board/tasks/read.ts';
import type { Task } from '../board/tasks/types.ts';
import type { AgentRow } from '../store/schema.ts';

/** Statuses in which an agent has nothing to do. */
const FREE: ReadonlySet<AgentStatus> = new Set(['idle', 'done']);

/** Whether it could begin a task now. */
export function isFree({ row, pane, look }: Observation): boolean {
  const there = pane !== null && !pane.dead && look?.state === 'ready';
  return there && takesTasks(row) && row.task === null && FREE.has(row.status as AgentStatus);
}

/** Whether it is what the task asks for. */
export function isAble(row: AgentRow, { needs }: Pick<Task, 'needs'>): boolean {
  const { capabilities } = participantOfAgent(row);
  return needs.every((need) => capabilities.includes(need));
}

/** What each has done before: how many tasks, and which files these were about. */
export interface Experience {
  readonly tasks: number;
  readonly files: ReadonlySet<string>;
}

/** The agent for a task: able to do it, who knows its files best, has done the least, and is here the longest. Null: none is able. */
export function bestFor(
  task: Pick<Task, 'needs' | 'context' | 'scope'>,
  agents: readonly AgentRow[],
  known: ReadonlyMap<string, Experience>,
): AgentRow | null {
  const files = filesOf(task);
  const able = agents.filter((row) => isAble(row, task));
  const rank = ({ id }: AgentRow) => {
    const { tasks, files: touched } = known.get(id) ?? { tasks: 0, files: new Set<string>() };
    return { knows: files.filter((file) => touched.has(file)).length, tasks };
  };
  const [best] = able
    .map((row) => ({ row, ...rank(row) }))
    .sort((a, b) => b.knows - a.knows || a.tasks - b.tasks || (a.row.created_at < b.row.created_at ? -1 : 1));
  return best?.row ?? null;
}

/** What a task is about, by path or pattern, and by the folders that these are in. */
export function filesOf({ context, scope }: Pick<Task, 'context' | 'scope'>): string[] {
  const paths = [...context.files, ...scope];
  const folders = paths.flatMap((path) => (path.includes('/') ? [`${path.slice(0, path.lastIndexOf('/'))}/`] : []));
  return [...new Set([...paths, ...folders])];
}

/**
 * Claims a task for an agent and puts it into its inbox, both or neither: an agent that holds a task which nobody told it
 * of would hold it for ever. False when somebody was quicker.
 */
export async function assign(session: Session, row: AgentRow, task: Task): Promise<boolean> {
  const board = boardOf(session);
  const given = await transact(board, async (within) => {
    const me = await enter(within, participantOfAgent(row));
    // What was seen of it may be older than what it was given last.
    if ((await listTasks(within, { claimedBy: row.id, status: ['claimed'] })).length > 0) return false;
    const claim = await claimTask(within, me, { id: task.id });
    if (claim.task === null) return false;
    await postAssignment(within, PERSON, me, { ...claim.task, reason: task.reason });
    return true;
  });
  if (given) ring(board, row.id);
  return given;
}
