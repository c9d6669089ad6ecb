import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { toErrorDocument } from '../../src/cli/errors.ts';
import { failure } from '../../src/mcp/failure.ts';
import { untilFree } from '../../src/store/patience.ts';
import { failureOf } from '../../src/tui/run/job.ts';

/** What `work` throws. */
function thrown(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

describe('what the machine refuses', () => {
  // /dev/full is Linux's own full disk.
  it.runIf(existsSync('/dev/full'))('is told as what it is: a full disk', () => {
    const { code, document } = toErrorDocument(
      thrown(() => writeFileSync('/dev/full', 'x')),
      'send',
    );
    expect({ exit: code, ...document }).toMatchObject({ exit: 5, code: 'DISK_FULL', hint: 'df -h' });
    expect(document.message).toContain('The disk is full');
  });

  it('is told as what it is: a database that may not be written, or that is full', () => {
    const dir = mkdtempSync(join(tmpdir(), 'swarm-errors-'));
    try {
      const file = join(dir, 'x.db');
      const database = new DatabaseSync(file);
      database.exec('create table t (a text)');
      database.exec('pragma max_page_count = 2');
      const full = thrown(() => database.exec(`insert into t values ('${'x'.repeat(100_000)}')`));
      expect(toErrorDocument(full, 'send').document.code).toBe('DISK_FULL');
      database.close();
      chmodSync(file, 0o400);
      const readOnly = new DatabaseSync(file, { readOnly: true });
      const refused = thrown(() => readOnly.exec("insert into t values ('x')"));
      expect(toErrorDocument(refused, 'send').document).toMatchObject({ code: 'READ_ONLY', hint: 'swarm doctor' });
      readOnly.close();
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('is told as what it is: a database that somebody else does not let go of, by every door', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'swarm-errors-'));
    const file = join(dir, 'x.db');
    const [holder, other] = [new DatabaseSync(file), new DatabaseSync(file, { timeout: 0 })];
    try {
      holder.exec('begin immediate');
      const busy = thrown(() => other.exec('begin immediate'));
      const { code, document } = toErrorDocument(busy, 'task:add');
      expect({ exit: code, ...document }).toMatchObject({ exit: 6, code: 'BUSY' });
      expect(document.hint).toContain('run the same command again');
      const waited = await untilFree(file, () => other.exec('begin immediate'), 0).catch((error: unknown) => error);
      expect(toErrorDocument(waited as Error, 'task:add').document.hint).toContain(`lsof ${file}`);
      expect(JSON.stringify(failure(waited).content)).toContain('BUSY: Another process keeps the database');
      expect(failureOf(waited).hint).toContain(`lsof ${file}`);
      holder.exec('rollback');
      await untilFree(file, () => other.exec('begin immediate'));
    } finally {
      for (const database of [holder, other]) database.close();
      rmSync(dir, { recursive: true });
    }
  });

  it('is not what our own mistakes are called', () => {
    expect(toErrorDocument(new TypeError('x is not a function'), 'send').document.code).toBe('BUG');
  });
});
