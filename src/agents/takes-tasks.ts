import type { AgentRow } from '../store/schema.ts';
import { optionsOf } from './records.ts';
import { isTakenOver } from './take-over.ts';

/** Whether it takes work from the board at all: never one that a person gave a ticket of its own. A shell would run what it is told. */
export function takesTasks(row: AgentRow): boolean {
  return optionsOf(row).takesTasks && row.cli !== 'shell' && !isTakenOver(row);
}
