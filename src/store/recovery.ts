import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { exit, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import { withFileLock } from '../process/file-lock.ts';
import { type Backup, listBackups, syncFolder } from './backups.ts';
import { healthOf } from './damage.ts';
import { markRestoredIn, type Restored } from './restored.ts';

/** A database that was damaged, and is back as its newest good backup has it. */
export interface Recovered {
  readonly backup: Backup;
  /** When it was put back, ISO 8601. */
  readonly at: string;
  /** Where the damaged file lies; null when it was gone. */
  readonly kept: string | null;
}

/** Hears that this process brought a damaged database back. It must not wait for the database. */
export type OnRecovered = (recovered: Recovered) => void;

/** Milliseconds that another process gets to put a backup in place. */
const PATIENCE = 60_000;

/** What is about to take the database's place; where it is, nobody may open the database. */
const draftOf = (file: string): string => `${file}.restoring`;

/** Whether a backup is being put in a database's place, or was when its process died. */
export const isBeingRestored = (file: string): boolean => existsSync(draftOf(file));

/** Whether there is something to bring a database back from. */
export const hasBackups = (file: string): boolean => listBackups(dirname(file)).length > 0;

/**
 * Puts the newest good backup in the place of a session's database that is damaged, gone or cut off. Exactly one process
 * does, and says so; the others wait for it.
 * @throws UserError exit 1 when there is no good backup: then nothing is touched.
 */
export async function bringBack(file: string, onRecovered: OnRecovered): Promise<void> {
  const recovered = await recover(file);
  if (recovered !== null) onRecovered(recovered);
}

/** Null when the database is good: somebody else has done it, or nothing was wrong. */
function recover(file: string): Promise<Recovered | null> {
  return withFileLock(
    join(dirname(file), 'recovery'),
    async () => {
      const health = healthOf(file);
      if (health === 'good') {
        rmSync(draftOf(file), { force: true });
        return null;
      }
      const backups = listBackups(dirname(file));
      const backup = backups.find((one) => healthOf(one.file, 'quick_check') === 'good');
      if (backup !== undefined) return putBack(file, backup);
      rmSync(draftOf(file), { force: true });
      if (backups.length === 0 && health !== 'damaged') return null;
      throw noBackup(file, backups.length);
    },
    { timeout: PATIENCE },
  );
}

/**
 * In this order, so that a kill -9 at any point leaves the draft, by which the next process knows; so that no log of the
 * damaged file is ever taken for one of the new; and so that the damaged one keeps its own.
 */
function putBack(file: string, backup: Backup): Recovered {
  const at = new Date().toISOString();
  const draft = draftOf(file);
  const aside = `${file}.corrupt-${at.replace(/[-:.]/g, '')}`;
  const kept = existsSync(file) ? aside : null;
  // Of another process's draft: it would be taken for this one's.
  rmSync(`${draft}-journal`, { force: true });
  copyFileSync(backup.file, draft);
  markRestored(draft, { backup: basename(backup.file), backedUpAt: backup.at, kept, pid: process.pid }, at);
  const handle = openSync(draft, 'r');
  fsyncSync(handle);
  closeSync(handle);
  for (const beside of ['', '-wal', '-shm']) {
    if (existsSync(`${file}${beside}`)) renameSync(`${file}${beside}`, `${aside}${beside}`);
  }
  renameSync(draft, file);
  syncFolder(dirname(file));
  return { backup, at, kept };
}

/**
 * What the backup says of prompts that were on their way then may have come true since: nobody may type them again by
 * itself (design: section 5.2).
 */
function markRestored(
  draft: string,
  about: Pick<Restored, 'backedUpAt' | 'kept'> & Readonly<Record<string, unknown>>,
  at: string,
): void {
  const database = new DatabaseSync(draft);
  try {
    database.exec('begin immediate');
    // Of an older version it may not have that column yet; nothing waited then.
    const waits = database.prepare("select 1 from pragma_table_info('deliveries') where name = 'queued'").get();
    database
      .prepare(
        `update deliveries set state = 'unknown', reason = ?${waits === undefined ? '' : ', queued = null'}
         where state in ('queued', 'pasting', 'submitted')`,
      )
      .run('the database was restored from an earlier backup: look before you send it again');
    database
      .prepare("insert into events (at, agent, type, data) values (?, null, 'database-restored', ?)")
      .run(at, JSON.stringify(about));
    markRestoredIn(database, { at, backedUpAt: about.backedUpAt, kept: about.kept });
    database.exec('commit');
  } finally {
    database.close();
  }
}

function noBackup(file: string, backups: number): UserError {
  const none = backups === 0 ? 'there is no backup of it' : `none of its ${backups} backups is whole either`;
  const aside = shellWord(`${file}.damaged`);
  return new UserError({
    code: 'STORE_DAMAGED',
    exit: exit.failed,
    message: [
      `The session's database is damaged, and ${none}: ${file}`,
      'It was left as it is. Worktrees, branches and windows are untouched.',
      `To save what can be read: sqlite3 ${shellWord(file)} .recover | sqlite3 recovered.db`,
    ].join('\n'),
    hint: `mv ${shellWord(file)} ${aside} && swarm repair   (begins anew, and finds what has no owner)`,
    details: { file, backups },
  });
}
