import type { Kysely } from 'kysely';
import { ScopeIndex } from '../../lib/scope-index.ts';

/**
 * Keeps which patterns overlap in place of which tasks': a few patterns are those of thousands of tasks, and two of them
 * overlap however far the tasks are.
 */
export async function scopeOverlaps(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('scope_overlaps')
    .addColumn('pattern', 'text', (c) => c.notNull())
    .addColumn('other', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('scope_overlaps_pk', ['pattern', 'other'])
    .execute();
  await fill(db as Kysely<Tables>);
  await db.schema.dropTable('task_overlaps').execute();
}

interface Tables {
  task_scopes: { pattern: string };
  scope_overlaps: { pattern: string; other: string };
}

async function fill(db: Kysely<Tables>): Promise<void> {
  const rows = await db.selectFrom('task_scopes').select('pattern').distinct().execute();
  const patterns = rows.map(({ pattern }) => pattern);
  const index = new ScopeIndex(patterns);
  for (const pattern of patterns) {
    for (const other of index.overlapping(pattern)) {
      await db.insertInto('scope_overlaps').values({ pattern, other }).execute();
    }
  }
}
