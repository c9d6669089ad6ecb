import type { Kysely } from 'kysely';

/** The board: tasks, messages, memory and those who take part. */
export async function board(db: Kysely<unknown>): Promise<void> {
  await participants(db);
  await tasks(db);
  await messages(db);
  await memory(db);
  await db.schema.createIndex('events_agent').on('events').columns(['agent', 'id']).execute();
}

async function participants(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('participants')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('joined_at', 'text', (c) => c.notNull())
    .addColumn('last_seen_at', 'text', (c) => c.notNull())
    .addColumn('left_at', 'text')
    .execute();
  await db.schema
    .createTable('tokens')
    .addColumn('agent_id', 'text', (c) => c.primaryKey())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .execute();
}

async function tasks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('tasks')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('seq', 'integer', (c) => c.notNull().unique())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('priority', 'integer', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('held', 'text')
    .addColumn('waiting_on', 'integer', (c) => c.notNull())
    .addColumn('context', 'text', (c) => c.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('claimed_at', 'text')
    .addColumn('last_by', 'text')
    .addColumn('attempt', 'integer', (c) => c.notNull())
    .addColumn('lease_until', 'text')
    .addColumn('result', 'text')
    .addColumn('reason', 'text')
    .addColumn('created_by', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addColumn('done_at', 'text')
    .addColumn('version', 'integer', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('tasks_next').on('tasks').columns(['status', 'priority', 'seq']).execute();
  await db.schema.createIndex('tasks_claimed_by').on('tasks').column('claimed_by').execute();
  await pair(db, 'task_dependencies', 'depends_on', true);
  await pair(db, 'task_needs', 'capability', false);
  await pair(db, 'task_scopes', 'pattern', false);
  // Tasks whose file scopes overlap, both ways round: a claim then is one statement.
  await pair(db, 'task_overlaps', 'other_id', true);
}

/** A table of what a task has several of. */
async function pair(db: Kysely<unknown>, table: string, column: string, isTask: boolean): Promise<void> {
  await db.schema
    .createTable(table)
    .addColumn('task_id', 'text', (c) => c.notNull().references('tasks.id').onDelete('cascade'))
    .addColumn(column, 'text', (c) => (isTask ? c.notNull().references('tasks.id').onDelete('cascade') : c.notNull()))
    .addPrimaryKeyConstraint(`${table}_pk`, ['task_id', column as never])
    .execute();
  if (isTask) await db.schema.createIndex(`${table}_${column}`).on(table).column(column).execute();
}

async function messages(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('messages')
    .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('from_id', 'text', (c) => c.notNull())
    .addColumn('to_id', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('task_id', 'text')
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('reply_to', 'text')
    .addColumn('broadcast', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text')
    .addColumn('delivered_at', 'text')
    .addColumn('seen_at', 'text')
    .addColumn('evidence', 'text')
    .addColumn('holder', 'text')
    .addColumn('holder_until', 'text')
    .execute();
  await db.schema.createIndex('messages_inbox').on('messages').columns(['to_id', 'state', 'rank', 'seq']).execute();
  // What is open among many that are over: questions, and what somebody has still to be told.
  await db.schema.createIndex('messages_state').on('messages').columns(['state', 'type']).execute();
  await db.schema.createIndex('messages_reply').on('messages').column('reply_to').execute();
}

async function memory(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('memory')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('owner', 'text')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('task_id', 'text')
    .addColumn('created_by', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('memory_owner').on('memory').columns(['owner', 'kind']).execute();
}
