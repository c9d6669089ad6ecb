import type { Kysely } from 'kysely';

/** Tells tasks that were left by who died or went silent from those that somebody gave back. */
export async function strandings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('tasks')
    .addColumn('strandings', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
}
