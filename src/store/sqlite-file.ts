import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDamage } from './damage.ts';
import { BLOCKING, untilFree } from './patience.ts';
import { bringBack, isBeingRestored, type OnRecovered } from './recovery.ts';

/**
 * A database file, open. Where there are backups of it, it is brought back when it turns out to be damaged, by whichever
 * process is the first to see that; the others, also those that have had it open for days, go on with what is there then.
 */
export class SqliteFile {
  readonly #path: string;
  /** Null: there are no backups of this one. */
  readonly #onRecovered: OnRecovered | null;
  #database: DatabaseSync;
  #inode: number | null;
  /** Somebody took the file away, and there is no backup: what is open is all there is. */
  #orphaned = false;

  private constructor(path: string, onRecovered: OnRecovered | null, database: DatabaseSync) {
    this.#path = path;
    this.#onRecovered = onRecovered;
    this.#database = database;
    this.#inode = inodeOf(path);
  }

  /** Opens (and makes) the file, private to the user, in the mode in which a power cut loses no commit. */
  static async open(path: string, onRecovered: OnRecovered | null): Promise<SqliteFile> {
    return new SqliteFile(path, onRecovered, await connect(path, onRecovered));
  }

  get path(): string {
    return this.#path;
  }

  get database(): DatabaseSync {
    return this.#database;
  }

  hasMoved(): boolean {
    return this.#onRecovered !== null && !this.#orphaned && inodeOf(this.#path) !== this.#inode;
  }

  /** Goes on with the file that has the database's name now: another process may have brought it back meanwhile. */
  async follow(): Promise<void> {
    if (!this.hasMoved()) return;
    const gone = !existsSync(this.#path) && existsSync(dirname(this.#path));
    if (gone && this.#onRecovered !== null) await bringBack(this.#path, this.#onRecovered);
    this.#orphaned = !existsSync(this.#path);
    if (!this.#orphaned) await this.#reopen();
  }

  /** Brings back what an error showed to be damaged. @throws that error where there are no backups. */
  async mend(error: unknown): Promise<void> {
    if (this.#onRecovered === null) throw error;
    await bringBack(this.#path, this.#onRecovered);
    await this.#reopen();
  }

  close(): void {
    this.#database.close();
  }

  async #reopen(): Promise<void> {
    const before = this.#database;
    this.#database = await connect(this.#path, this.#onRecovered);
    this.#inode = inodeOf(this.#path);
    before.close();
  }
}

async function connect(path: string, onRecovered: OnRecovered | null): Promise<DatabaseSync> {
  if (onRecovered === null) return begin(path, new DatabaseSync(path, { timeout: BLOCKING }));
  try {
    return await begin(path, await openAtRest(path, onRecovered));
  } catch (error) {
    if (!isDamage(error)) throw error;
    await bringBack(path, onRecovered);
    return begin(path, await openAtRest(path, onRecovered));
  }
}

/** Opens the file while nobody puts another one in its place. */
async function openAtRest(path: string, onRecovered: OnRecovered): Promise<DatabaseSync> {
  for (;;) {
    if (isBeingRestored(path)) await bringBack(path, onRecovered);
    const database = new DatabaseSync(path, { timeout: BLOCKING });
    if (!isBeingRestored(path)) return database;
    // Begun since that was asked: this is the one that goes, or an empty file that takes up its place.
    database.close();
  }
}

async function begin(path: string, database: DatabaseSync): Promise<DatabaseSync> {
  try {
    // The first switch to WAL takes the file for itself, and so does whoever closes it last.
    await untilFree(path, () =>
      database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on'),
    );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const inodeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.ino ?? null;
