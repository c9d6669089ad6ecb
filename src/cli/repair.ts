import type { RepairItem } from '../agents/repair/report.ts';
import { exit } from '../lib/errors.ts';
import { plainLine } from '../lib/text.ts';
import { paint } from './output.ts';

/** 0 when all is mended (or would be, of a dry run), else 1: something is left for a person. */
export function exitOfRepair(items: readonly RepairItem[]): number {
  return items.every(({ state }) => state !== 'left') ? exit.done : exit.failed;
}

export function renderRepair(items: readonly RepairItem[]): string {
  if (items.length === 0) return 'Nothing to repair.';
  const signs = { mended: paint('green', '✓'), found: paint('cyan', '○'), left: paint('yellow', '▲') };
  const next = items.some(({ state }) => state === 'found') ? ['→ swarm repair'] : [];
  return [...items.map(({ what, state, how }) => `${signs[state]} ${plainLine(`${what}: ${how}`)}`), ...next].join(
    '\n',
  );
}
