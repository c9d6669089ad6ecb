import type { Session } from '../../agents/session.ts';
import type { AgentRow } from '../../store/schema.ts';
import { type MergeDoor, mergeAgent } from '../merge.ts';
import type { MergeOptions, MergeResult } from '../types.ts';
import { enqueueRework } from './entries.ts';
import { isAgentsToMend, toRework } from './rework.ts';

/**
 * Merges an agent's work; with `rework`, on what the agent can mend (a conflict, a red gate), its agent gets the task to mend that, and the merge
 * waits in the queue for it.
 */
export async function mergeOrRework(
  session: Session,
  agent: AgentRow,
  options: MergeOptions & { readonly rework: boolean },
  door: MergeDoor,
): Promise<MergeResult> {
  const result = await mergeAgent(session, agent, options, door);
  if (!options.rework || !isAgentsToMend(result)) return result;
  const note = await waitForRework(session, agent, options, result);
  return { ...result, notes: [...result.notes, note, ...notKept(session, options)] };
}

/** What was asked of this merge alone: the queue has its own way. */
function notKept({ config }: Session, { message, gate }: MergeOptions): string[] {
  return [
    ...(message === null ? [] : ['the message does not wait with it: the commit will have one of its own']),
    ...(gate || config.merge.gate === null ? [] : ['the gate will be run then']),
  ];
}

/** The merge waits in the queue for its rework, whether it was there before or not. Answers that in words. */
async function waitForRework(
  session: Session,
  agent: AgentRow,
  { strategy, keep }: MergeOptions,
  result: MergeResult,
): Promise<string> {
  const { into } = result;
  const waits = 'the merge waits in the queue for that: swarm queue list';
  const before = await openRework(session, agent, into);
  if (before !== null) return `${agent.name} has ${before} to mend it already; ${waits}`;
  const wish = { into, strategy, priority: FIRST, keep, rework: true };
  // Asked for by a person, who looks: its rounds are counted from here.
  const entry = await toRework(session, { rounds: 0 }, agent, result, (within, patch) =>
    enqueueRework(within, agent, wish, patch),
  );
  return `${agent.name} has ${entry?.task_id} to mend it; ${waits}`;
}

/** The task for which a merge waits already, while it is open. */
async function openRework({ db }: Session, { id }: AgentRow, into: string): Promise<string | null> {
  const row = await db
    .selectFrom('merge_queue')
    .innerJoin('tasks', 'tasks.id', 'merge_queue.task_id')
    .select('tasks.id')
    .where('merge_queue.agent_id', '=', id)
    .where('into_branch', '=', into)
    .where('state', '=', 'rework')
    .where('tasks.status', 'not in', ['done', 'failed'])
    .executeTakeFirst();
  return row?.id ?? null;
}

/** A merge that was asked for by name has its turn before others. */
const FIRST = 1;
