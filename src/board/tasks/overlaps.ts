import { ScopeIndex } from '../../lib/scope-index.ts';
import type { SessionDb } from '../../store/open.ts';

/** Entries of one statement: there is a limit on what it can name. */
const CHUNK = 500;

/**
 * Finds with which of all known patterns these overlap, as far as nobody has yet: claims go by that. It holds for tasks
 * that are over, too, and so for those that come back.
 */
export async function linkPatterns(db: SessionDb, patterns: readonly string[]): Promise<void> {
  // Each overlaps with itself: that is how it is known.
  const rows = await db.selectFrom('scope_overlaps').select('pattern').whereRef('pattern', '=', 'other').execute();
  const known = new Set(rows.map(({ pattern }) => pattern));
  const fresh = new Set(patterns.filter((pattern) => !known.has(pattern)));
  if (fresh.size === 0) return;
  const index = new ScopeIndex(new Set([...known, ...fresh]));
  const pairs = [...fresh].flatMap((pattern) =>
    index.overlapping(pattern).flatMap((other) => {
      const there = { pattern, other };
      // The way back of another new one comes with its turn.
      return fresh.has(other) ? [there] : [there, { pattern: other, other: pattern }];
    }),
  );
  for (let at = 0; at < pairs.length; at += CHUNK) {
    await db
      .insertInto('scope_overlaps')
      .values(pairs.slice(at, at + CHUNK))
      .execute();
  }
}

/** All patterns that overlap with those of tasks which somebody works on. */
export function patternsInUse(db: SessionDb) {
  return db
    .selectFrom('tasks as r')
    .innerJoin('task_scopes as theirs', 'theirs.task_id', 'r.id')
    .innerJoin('scope_overlaps as o', 'o.pattern', 'theirs.pattern')
    .select('o.other')
    .where('r.status', '=', 'claimed');
}

/** A task that somebody works on. */
export interface Running {
  readonly id: string;
  readonly claimed_by: string | null;
}

/** What somebody works on that may touch the same files as this task, the oldest first. */
export function runningBeside(db: SessionDb, id: string): Promise<Running[]> {
  return db
    .selectFrom('tasks as r')
    .innerJoin('task_scopes as theirs', 'theirs.task_id', 'r.id')
    .innerJoin('scope_overlaps as o', 'o.pattern', 'theirs.pattern')
    .innerJoin('task_scopes as own', 'own.pattern', 'o.other')
    .select(['r.id', 'r.claimed_by'])
    .distinct()
    .where('r.status', '=', 'claimed')
    .where('r.id', '!=', id)
    .where('own.task_id', '=', id)
    .orderBy('r.seq')
    .execute();
}
