import type { Kysely } from 'kysely';

/** Merges that wait for their turn. */
export async function mergeQueue(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('merge_queue')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('agent_id', 'text', (c) => c.notNull())
    .addColumn('agent', 'text', (c) => c.notNull())
    .addColumn('into_branch', 'text', (c) => c.notNull())
    .addColumn('strategy', 'text')
    .addColumn('priority', 'integer', (c) => c.notNull())
    .addColumn('keep', 'integer', (c) => c.notNull())
    .addColumn('rework', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('task_id', 'text')
    .addColumn('result', 'text')
    .addColumn('reason', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('merge_queue_next').on('merge_queue').columns(['state', 'priority', 'id']).execute();
}

/** How often a merge was given back for rework, and from which commit on. */
export async function mergeRework(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('merge_queue')
    .addColumn('rounds', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('merge_queue').addColumn('tip', 'text').execute();
}
