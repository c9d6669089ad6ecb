import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Migrations of the per-user database, in order. A released one is never edited: add another. */
export const userMigrations: Readonly<Record<string, Migration>> = {
  '001-ports-consents-sessions': { up: first },
};

async function first(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('ports')
    .addColumn('port', 'integer', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('agent_id', 'text', (c) => c.notNull())
    .addColumn('session_dir', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addUniqueConstraint('ports_agent_name', ['agent_id', 'name'])
    .execute();

  await db.schema
    .createTable('consents')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('repo', 'text', (c) => c.notNull())
    .addColumn('what', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('common_dir', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute();
}
