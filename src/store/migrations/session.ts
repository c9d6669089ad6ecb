import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { board } from './board.ts';
import { mergeQueue, mergeRework } from './merge-queue.ts';
import { scopeOverlaps } from './scope-overlaps.ts';
import { strandings } from './strandings.ts';
import { taskEvents } from './task-events.ts';

/** Migrations of a session's database, in order. A released one is never edited: add another. */
export const sessionMigrations: Readonly<Record<string, Migration>> = {
  '001-agents': { up: agents },
  '002-live': { up: live },
  '003-board': { up: board },
  '004-merge-queue': { up: mergeQueue },
  '005-strandings': { up: strandings },
  '006-scope-overlaps': { up: scopeOverlaps },
  '007-task-events': { up: taskEvents },
  '008-merge-rework': { up: mergeRework },
};

async function agents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('meta')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('agents')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('number', 'integer')
    .addColumn('ticket', 'text')
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('cli', 'text', (c) => c.notNull())
    .addColumn('model', 'text')
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('source', 'text')
    .addColumn('since', 'text', (c) => c.notNull())
    .addColumn('unseen', 'integer', (c) => c.notNull())
    .addColumn('branch', 'text')
    .addColumn('branch_created', 'integer', (c) => c.notNull())
    .addColumn('base', 'text')
    .addColumn('base_oid', 'text')
    .addColumn('worktree', 'text')
    .addColumn('worktree_created', 'integer', (c) => c.notNull())
    .addColumn('tmux_window', 'text')
    .addColumn('tmux_pane', 'text')
    .addColumn('pid', 'integer')
    .addColumn('pid_start', 'text')
    .addColumn('ports', 'text', (c) => c.notNull())
    .addColumn('parent', 'text')
    .addColumn('task', 'text')
    .addColumn('host', 'text', (c) => c.notNull())
    .addColumn('conversation', 'text')
    .addColumn('restarts', 'integer', (c) => c.notNull())
    .addColumn('args', 'text', (c) => c.notNull())
    .addColumn('options', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('last_activity_at', 'text', (c) => c.notNull())
    .execute();
  // Two agents never share a branch or a folder, whatever races.
  for (const column of ['branch', 'worktree'] as const) {
    await db.schema.createIndex(`agents_${column}`).on('agents').column(column).unique().execute();
  }

  await db.schema
    .createTable('operations')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('agent_id', 'text')
    .addColumn('data', 'text', (c) => c.notNull())
    .addColumn('pid', 'integer', (c) => c.notNull())
    .addColumn('pid_start', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('finished_at', 'text')
    .addColumn('outcome', 'text')
    .execute();

  await db.schema
    .createTable('steps')
    .addColumn('operation_id', 'text', (c) => c.notNull().references('operations.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('data', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('steps_pk', ['operation_id', 'name'])
    .execute();

  await db.schema
    .createTable('deliveries')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('agent_id', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('evidence', 'text')
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('ms', 'integer')
    .addColumn('reason', 'text')
    .addColumn('file', 'text', (c) => c.notNull())
    .addColumn('pid', 'integer', (c) => c.notNull())
    .addColumn('pid_start', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('events')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('agent', 'text')
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('data', 'text', (c) => c.notNull().defaultTo(sql`'{}'`))
    .execute();

  await db.schema
    .createTable('leases')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('pid', 'integer', (c) => c.notNull())
    .addColumn('pid_start', 'text')
    .addColumn('token', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('removed')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('agent', 'text', (c) => c.notNull())
    .addColumn('path', 'text')
    .addColumn('branch', 'text')
    .addColumn('branch_oid', 'text')
    .addColumn('removed_at', 'text', (c) => c.notNull())
    .execute();
}

async function live(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('live')
    .addColumn('agent_id', 'text', (c) => c.primaryKey())
    .addColumn('pid', 'integer')
    .addColumn('tmux', 'text')
    .addColumn('git', 'text')
    .addColumn('listening', 'text', (c) => c.notNull())
    .addColumn('question', 'text')
    .execute();
  await db.schema.alterTable('deliveries').addColumn('queued', 'text').execute();
}
