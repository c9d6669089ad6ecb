import type { Conflict } from '../agents/collisions.ts';
import { plainLine } from '../lib/text.ts';
import { paint } from './output.ts';
import { table } from './table.ts';

/** Files named in a row; the others are counted. */
const SHOWN = 4;

/** Who collides with whom, and in which files; a sentence when nobody does. `all`: everybody's work was read. */
export function renderConflicts(conflicts: readonly Conflict[], all: boolean): string {
  if (conflicts.length === 0) {
    return all ? 'No conflicts: everything can be merged as it is.' : 'No conflicts among what could be read.';
  }
  const columns = [
    { title: 'AGENT' },
    { title: 'WITH' },
    { title: 'WHAT' },
    { title: 'FILES', shrinks: true },
  ] as const;
  const rows = conflicts.map(({ a, b, target, kind, files }) => [
    a,
    b ?? plainLine(target ?? ''),
    kind === 'merge' ? paint('red', 'conflict') : paint('yellow', 'both edit'),
    [
      ...files.slice(0, SHOWN).map(plainLine),
      ...(files.length > SHOWN ? [`and ${files.length - SHOWN} more`] : []),
    ].join(', '),
  ]);
  return table(columns, rows);
}
