import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { BugError, exit, messageOf, UserError } from '../lib/errors.ts';
import { machineError } from '../lib/machine-errors.ts';
import { makeFolder, refusing } from '../lib/make-folder.ts';
import { shellWord } from '../lib/text.ts';
import { backUp } from './backups.ts';
import { isDamage } from './damage.ts';
import { sqliteDialect } from './dialect.ts';
import { sessionMigrations } from './migrations/session.ts';
import { userMigrations } from './migrations/user.ts';
import { bringBack, hasBackups, type OnRecovered } from './recovery.ts';
import type { SessionSchema, UserSchema } from './schema.ts';
import { SqliteFile } from './sqlite-file.ts';

export type SessionDb = Kysely<SessionSchema>;
export type UserDb = Kysely<UserSchema>;

/**
 * Opens (and makes or migrates) a session's database in its state folder. One that is damaged, or was emptied, comes back
 * as its newest good backup has it; `onRecovered` hears of it, at once or at any later statement.
 * @throws UserError exit 1 when it is damaged and there is no good backup.
 */
export function openSessionDb(stateDir: string, onRecovered: OnRecovered = () => {}): Promise<SessionDb> {
  return open<SessionSchema>(join(stateDir, 'swarm.db'), sessionMigrations, onRecovered);
}

/** Opens (and makes or migrates) the user's database. */
export function openUserDb(stateHome = userStateHome()): Promise<UserDb> {
  const file = join(stateHome, 'user.db');
  return open<UserSchema>(file, userMigrations, null).catch((error: unknown) => {
    throw isDamage(error) ? damagedUserDb(file, error) : error;
  });
}

/** It holds nothing that can't be had again, and is the machine's: no session may decide that alone. */
function damagedUserDb(file: string, cause: unknown): UserError {
  return new UserError({
    code: 'STORE_DAMAGED',
    exit: exit.failed,
    message: `${file} is damaged. It holds which ports are whose and what you have approved; agents and their work are not in it.`,
    hint: `mv ${shellWord(file)} ${shellWord(`${file}.damaged`)}   (then approve again: swarm trust)`,
    details: { file },
    cause,
  });
}

/** `SWARM_STATE_HOME`, else `$XDG_STATE_HOME/swarm`, else `~/.local/state/swarm`. */
export function userStateHome(env: NodeJS.ProcessEnv = process.env): string {
  return env['SWARM_STATE_HOME'] || join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'swarm');
}

type Migrations = Readonly<Record<string, Migration>>;

async function open<S>(file: string, migrations: Migrations, onRecovered: OnRecovered | null): Promise<Kysely<S>> {
  const setting = onRecovered === null ? 'SWARM_STATE_HOME' : "the repository's own state";
  makeFolder(dirname(file), setting, 0o700);
  if (onRecovered !== null && isGone(file) && hasBackups(file)) await bringBack(file, onRecovered);
  // SQLite gives the files beside it the same mode. Not by umask: that is the whole process's, and others make files too.
  refusing(file, setting, () => closeSync(openSync(file, 'a', 0o600)));
  chmodSync(file, 0o600);
  const db = new Kysely<S>({ dialect: sqliteDialect(await SqliteFile.open(file, onRecovered)) });
  try {
    await migrate(db, file, migrations, onRecovered !== null);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

/** No bytes at all: never made, or cut off. */
const isGone = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;

/** Brings the file to the newest schema; one query when it is there already. Refuses a file of a newer swarm. */
async function migrate<S>(db: Kysely<S>, file: string, migrations: Migrations, backsUp: boolean): Promise<void> {
  const known = Object.keys(migrations);
  const applied = await appliedMigrations(db);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UserError({
      code: 'NEWER_STORE',
      exit: exit.missing,
      message: `${file} was written by a newer swarm (its schema has '${unknown.join("', '")}', this one ends at '${known.at(-1)}').`,
      hint: 'Update this swarm to the version that wrote it, then run the command again.',
      details: { file, unknown },
    });
  }
  if (applied.length === known.length) return;
  if (backsUp && applied.length > 0) await backUp(dirname(file));
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error instanceof Error && machineError(error) !== null) throw error;
  if (error) throw new BugError(`migrating ${file} failed: ${messageOf(error)}`, { cause: error });
}

/** Names in Kysely's own table of migrations; none when the file is new. */
async function appliedMigrations<S>(db: Kysely<S>): Promise<string[]> {
  try {
    const rows = await (db as unknown as Kysely<{ kysely_migration: { name: string } }>)
      .selectFrom('kysely_migration')
      .select('name')
      .execute();
    return rows.map(({ name }) => name);
  } catch (error) {
    if (/no such table|does not exist/.test(messageOf(error))) return [];
    throw error;
  }
}
