import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, it } from 'vitest';
import { sqliteDialect } from '../../src/store/dialect.ts';
import { sessionMigrations } from '../../src/store/migrations/session.ts';
import { openSessionDb } from '../../src/store/open.ts';
import type { SessionSchema } from '../../src/store/schema.ts';
import { SqliteFile } from '../../src/store/sqlite-file.ts';
import { useWorld } from '../support/world.ts';
import { stateOf } from './own-board.ts';

const world = useWorld();

/** Makes the session's database as the swarm left it whose last migration this was. */
async function ofOld(last: string, fill: (db: Kysely<SessionSchema>) => Promise<unknown>): Promise<void> {
  const stateDir = stateOf(world);
  mkdirSync(stateDir, { recursive: true });
  const file = await SqliteFile.open(join(stateDir, 'swarm.db'), null);
  const db = new Kysely<SessionSchema>({ dialect: sqliteDialect(file) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...sessionMigrations }) } });
  const { error } = await migrator.migrateTo(last);
  if (error) throw error;
  await fill(db);
  await db.destroy();
}

it('the tasks of an older board are there, with their tries before them', async () => {
  const at = new Date().toISOString();
  await ofOld('004-merge-queue', (db) =>
    db
      .insertInto('tasks')
      .values({
        id: 'task-001',
        seq: 1,
        description: 'old',
        priority: 3,
        status: 'available',
        waiting_on: 0,
        context: '{}',
        attempt: 7,
        created_by: 'person',
        created_at: at,
        updated_at: at,
        version: 9,
      } as never)
      .execute(),
  );
  const db = await openSessionDb(stateOf(world));
  try {
    const task = await db.selectFrom('tasks').selectAll().executeTakeFirstOrThrow();
    expect(task).toMatchObject({ attempt: 7, strandings: 0, version: 9 });
  } finally {
    await db.destroy();
  }
});
