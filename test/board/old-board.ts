import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { sqliteDialect } from '../../src/store/dialect.ts';
import { sessionMigrations } from '../../src/store/migrations/session.ts';
import type { SessionSchema } from '../../src/store/schema.ts';
import { SqliteFile } from '../../src/store/sqlite-file.ts';

/** Makes a session's database as the swarm left it whose last migration this was. */
export async function makeOldBoard(
  stateDir: string,
  last: string,
  fill: (db: Kysely<SessionSchema>) => Promise<unknown>,
): Promise<void> {
  mkdirSync(stateDir, { recursive: true });
  const file = await SqliteFile.open(join(stateDir, 'swarm.db'), null);
  const db = new Kysely<SessionSchema>({ dialect: sqliteDialect(file) });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...sessionMigrations }) } });
    const { error } = await migrator.migrateTo(last);
    if (error) throw error;
    await fill(db);
  } finally {
    await db.destroy();
  }
}

/** A task of a board that had no more columns than these. */
export function oldTask(seq: number, id = `task-00${seq}`) {
  const at = '2026-01-01T00:00:00.000Z';
  const rest = { status: 'available', waiting_on: 0, context: '{"files":[],"hints":""}', attempt: 0 };
  const row = { ...rest, id, seq, description: id, priority: 3, created_by: 'person', created_at: at, updated_at: at };
  return { ...row, version: 1 } as never;
}
