import { type Kysely, sql } from 'kysely';

/** Finds what happened to a task without reading the whole history. */
export async function taskEvents(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index events_task on events (json_extract(data, '$.task')) where json_extract(data, '$.task') is not null
  `.execute(db);
}
