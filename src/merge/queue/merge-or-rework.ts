import type { Session } from '../../agents/session.ts';
import type { AgentRow } from '../../store/schema.ts';
import { type MergeDoor, mergeAgent } from '../merge.ts';
import type { MergeOptions, MergeResult } from '../types.ts';
import { enqueue, setRework } from './entries.ts';
import { askRework } from './rework.ts';

/**
 * Merges an agent's work; with `rework`, on a conflict or a red gate, its agent gets the task to mend that, and the merge
 * waits in the queue for it.
 */
export async function mergeOrRework(
  session: Session,
  agent: AgentRow,
  options: MergeOptions & { readonly rework: boolean },
  door: MergeDoor,
): Promise<MergeResult> {
  const result = await mergeAgent(session, agent, options, door);
  if (!options.rework || (result.state !== 'conflict' && result.state !== 'gate_failed')) return result;
  const wish = { into: result.into, strategy: options.strategy, priority: FIRST, keep: options.keep, rework: true };
  const entry = await enqueue(session, agent, wish, 'rework');
  const task = await askRework(session, agent, result);
  await setRework(session, entry.id, task);
  const note = `${agent.name} has ${task} to mend it; the merge waits in the queue for that: swarm queue list`;
  return { ...result, notes: [...result.notes, note] };
}

/** A merge that was asked for by name has its turn before others. */
const FIRST = 1;
