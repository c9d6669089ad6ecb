import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { exit, UserError } from '../lib/errors.ts';
import { isDamage } from './damage.ts';
import { untilFree } from './patience.ts';
import type { SqliteFile } from './sqlite-file.ts';

type Bindable = null | number | bigint | string | Uint8Array;

/** Node's statement with the one property that Kysely asks of a driver: whether it yields rows. */
function prepare(database: DatabaseSync, sql: string) {
  const statement: StatementSync = database.prepare(sql);
  const bind = (values: readonly unknown[]) => values.map(toBindable);
  return {
    get reader() {
      return statement.columns().length > 0;
    },
    all: (values: readonly unknown[]) => statement.all(...bind(values)),
    run: (values: readonly unknown[]) => statement.run(...bind(values)),
    iterate: (values: readonly unknown[]) => statement.iterate(...bind(values)),
  };
}

function toBindable(value: unknown): Bindable {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value as Bindable;
}

/**
 * One connection whose statements wait for other processes without blocking this one, and go on after the file was
 * found damaged and brought back. What is in the middle of a transaction then fails, whole.
 */
class PatientConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection;
  readonly #file: SqliteFile;
  inTransaction = false;

  constructor(inner: DatabaseConnection, file: SqliteFile) {
    this.#inner = inner;
    this.#file = file;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const execute = () => untilFree(this.#file.path, () => this.#inner.executeQuery<R>(query));
    if (!this.inTransaction) await this.#file.follow();
    try {
      return await execute();
    } catch (error) {
      if (!isDamage(error)) throw error;
      if (this.inTransaction) throw cutOff(error);
      await this.#file.mend(error);
      return execute();
    }
  }

  /** @throws UserError when what was done in the transaction would be kept in a file that is the database no more. */
  requireSameFile(): void {
    if (this.#file.hasMoved()) throw cutOff(null);
  }

  streamQuery<R>(query: CompiledQuery, size: number): AsyncIterableIterator<QueryResult<R>> {
    return this.#inner.streamQuery<R>(query, size);
  }
}

/**
 * Takes the write lock when a transaction begins. A plain BEGIN that reads and then writes fails with
 * "database is locked" in spite of any busy timeout (measured: 314 of 1,500 with 30 processes; IMMEDIATE: 0).
 */
class ImmediateDriver extends SqliteDriver {
  readonly #file: SqliteFile;
  #connection: Promise<PatientConnection> | null = null;

  constructor(file: SqliteFile) {
    super({ database: { close: () => file.close(), prepare: (sql) => prepare(file.database, sql) } });
    this.#file = file;
  }

  override acquireConnection(): Promise<PatientConnection> {
    this.#connection ??= super.acquireConnection().then((inner) => new PatientConnection(inner, this.#file));
    return this.#connection;
  }

  override async beginTransaction(connection: PatientConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
    connection.inTransaction = true;
  }

  override async commitTransaction(connection: PatientConnection): Promise<void> {
    connection.requireSameFile();
    await super.commitTransaction(connection);
    connection.inTransaction = false;
  }

  override async rollbackTransaction(connection: PatientConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection);
    } finally {
      connection.inTransaction = false;
    }
  }
}

function cutOff(cause: unknown): UserError {
  return new UserError({
    code: 'STORE_DAMAGED',
    exit: exit.failed,
    message: "The session's database was found damaged in the middle of a change, and nothing of that change was kept.",
    hint: 'Run the same command again: the newest backup is put in its place.',
    cause,
  });
}

/** SQLite can roll back schema changes: with it, processes that open a new file at once migrate it one after the other. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Kysely on `node:sqlite`. */
export function sqliteDialect(file: SqliteFile): Dialect {
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new ImmediateDriver(file),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
