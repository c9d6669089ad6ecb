import { sql } from 'kysely';

/** The id of the task that an event is about, null for others: in the very words of the index on it, or it isn't used. */
export const eventTask = sql<string | null>`json_extract(data, '$.task')`;
