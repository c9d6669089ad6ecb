import type { AgentRow } from '../store/schema.ts';
import { optionsOf } from './records.ts';
import { isTakenOver } from './take-over.ts';

/**
 * Whether it takes work from the board at all: one that was made for a task, or for nothing in particular. Never one with a
 * ticket of its own, be it made of its prompt. A shell would run what it is told.
 */
export function takesTasks(row: AgentRow): boolean {
  return optionsOf(row).takesTasks && row.cli !== 'shell' && !isTakenOver(row);
}
