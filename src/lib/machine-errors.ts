import { errnoOf, exit, UserError } from './errors.ts';
import { shellWord } from './text.ts';

/** What the machine refuses, by errno or by SQLite's primary result code (https://sqlite.org/rescode.html): no bug of ours. */
const FULL: ReadonlySet<string | number> = new Set(['ENOSPC', 'EDQUOT', 13]);
const READ_ONLY: ReadonlySet<string | number> = new Set(['EROFS', 8]);
const BUSY = 5;

/** A full or read-only disk, or a database that another process did not let go of, in words; null for anything else. */
export function machineError(thrown: Error): UserError | null {
  const code = sqliteCode(thrown) ?? errnoOf(thrown) ?? '';
  const path = 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : null;
  const where = path === null ? '' : ` (${path})`;
  const details = { path, code };
  if (FULL.has(code)) {
    const message = `The disk is full${where}: ${thrown.message}. What was done before that is kept.`;
    return new UserError({ code: 'DISK_FULL', exit: exit.missing, message, hint: 'df -h', details, cause: thrown });
  }
  if (code === BUSY) {
    const message = `Another process keeps the database to itself${where}: ${thrown.message}. What was done before that is kept.`;
    const wait = 'Wait a moment, then run the same command again';
    const hint = path === null ? `${wait}.` : `${wait}; who has it open: lsof ${shellWord(path)}`;
    return new UserError({ code: 'BUSY', exit: exit.undelivered, message, hint, details, cause: thrown });
  }
  if (!READ_ONLY.has(code)) return null;
  const message = `swarm can't write its state${where}: ${thrown.message}.`;
  return new UserError({
    code: 'READ_ONLY',
    exit: exit.missing,
    message,
    hint: 'swarm doctor',
    details,
    cause: thrown,
  });
}

/** node:sqlite tells an extended result code; its low byte is the primary one. */
function sqliteCode(thrown: Error): number | null {
  return 'errcode' in thrown && typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : null;
}
