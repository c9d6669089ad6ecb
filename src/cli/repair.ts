import type { RepairItem } from '../agents/repair/report.ts';
import { exit } from '../lib/errors.ts';
import { paint } from './output.ts';

/** 0 when all is mended, else 1: something is left for a person. */
export function exitOfRepair(items: readonly RepairItem[]): number {
  return items.every(({ state }) => state === 'mended') ? exit.done : exit.failed;
}

export function renderRepair(items: readonly RepairItem[]): string {
  if (items.length === 0) return 'Nothing to repair.';
  return items
    .map(({ what, state, how }) => `${state === 'mended' ? paint('green', '✓') : paint('yellow', '▲')} ${what}: ${how}`)
    .join('\n');
}
