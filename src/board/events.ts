import type { SessionDb } from '../store/open.ts';

/** Appends one line of history. `agent` is the name of who did it, or of whom it is about; null for the program itself. */
export async function recordEvent(
  db: SessionDb,
  agent: string | null,
  type: string,
  data: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const at = new Date().toISOString();
  await db
    .insertInto('events')
    .values({ at, agent, type, data: JSON.stringify(data) })
    .execute();
}
