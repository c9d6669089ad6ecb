import type { AgentRow } from '../../store/schema.ts';
import { optionsOf } from '../records.ts';
import { endedItself } from '../status.ts';

/** Ends that a person brought about in its window: Ctrl-C, or the window's own end. */
const MEANT = /^process (?:exited with status 130|was ended by SIG(?:INT|HUP))$/;

/**
 * Whether the agent's process came to an end that nobody wanted, as far as can be told: it was killed, or ended with an
 * error. A shell ends with whatever its last command did.
 */
export function hasCrashed(row: AgentRow): boolean {
  if (row.status !== 'failed' || row.source !== 'process' || row.reason === null) return false;
  return !MEANT.test(row.reason) && !(row.cli === 'shell' && endedItself(row));
}

/** How often the supervisor has started it again within the last `within` milliseconds. */
export function recentRestarts(row: AgentRow, within: number): number {
  return optionsOf(row).restartedAt.filter((at) => Date.now() - Date.parse(at) < within).length;
}
