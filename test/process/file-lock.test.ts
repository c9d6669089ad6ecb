import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdFileLock, lockHolder, withFileLock } from '../../src/process/file-lock.ts';
import { startOf } from '../../src/process/identity.ts';
import { nodeFolder, type Running, root, start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';

describe('a file lock', () => {
  let folder = '';
  let path = '';
  let running: Running[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'swarm-lock-'));
    path = join(folder, 'supervisor');
    running = [];
  });
  afterEach(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all(running.map(({ result }) => result));
    rmSync(folder, { recursive: true });
  });

  const fixture = (...args: string[]) => {
    const argv = [join(nodeFolder, 'node'), join(root, 'test/process/fixtures/hold.ts'), path, ...args];
    const one = start(argv, { cwd: folder, env: { PATH: process.env['PATH'] ?? '' } });
    running.push(one);
    return one;
  };
  const says = (one: Running, text: string) =>
    waitFor((see) => (see(one.stdout() + one.stderr()).includes(text) ? true : null), text);
  const holding = async (...args: string[]) => {
    const one = fixture(...args);
    await says(one, 'held');
    return one;
  };
  const kill = async (one: Running) => {
    one.child.kill('SIGKILL');
    await one.result;
  };
  const taken = async () => {
    const lock = await holdFileLock(path);
    if (lock.held) await lock.release();
    return lock.held;
  };

  it('has one holder, who is named, and is free once released', async () => {
    const lock = await holdFileLock(path);
    const holder = { pid: process.pid, start: await startOf(process.pid), host: hostname() };
    expect(await lockHolder(path)).toMatchObject(holder);
    expect(await holdFileLock(path)).toMatchObject({ held: false, holder });
    await says(fixture(), `taken by ${process.pid}`);
    if (lock.held) await lock.release();
    if (lock.held) await lock.release();
    expect(await lockHolder(path)).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is free at once when its holder was killed, and when it ended without a word', async () => {
    const killed = await holding();
    expect(await taken()).toBe(false);
    await kill(killed);
    expect(existsSync(`${path}.lock`)).toBe(true);
    expect(await taken()).toBe(true);

    const ended = await holding();
    ended.child.kill('SIGTERM');
    await ended.result;
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not taken from a holder that is stopped, or blocks, or looks old', async () => {
    const stopped = await holding();
    stopped.child.kill('SIGSTOP');
    const longAgo = new Date(0);
    utimesSync(`${path}.lock`, longAgo, longAgo);
    const late = withFileLock(path, async () => 'robbed', { timeout: 200 });
    await expect(late).rejects.toMatchObject({
      code: 'LOCKED',
      exit: 6,
      message: expect.stringContaining(`process ${stopped.pid}`),
      details: { holder: { pid: stopped.pid } },
    });
    stopped.child.kill('SIGCONT');
    await kill(stopped);
    const blocked = await holding('block', '60000');
    expect(await taken()).toBe(false);
    await kill(blocked);
    expect(await taken()).toBe(true);
  });

  it('is not another process’s that got the number of the dead one, but another machine’s is', async () => {
    const by = (about: object) =>
      new URLSearchParams({ start: '1', host: hostname(), since: '2026-01-01T00:00:00.000Z', id: 'x', ...about });
    const leave = (about: object) => {
      mkdirSync(`${path}.lock`, { recursive: true });
      writeFileSync(join(`${path}.lock`, String(by(about))), '');
    };
    leave({ pid: process.pid });
    // One that was killed while it made its lock.
    mkdirSync(`${path}.lock.${by({ pid: process.pid })}`);
    expect(await taken()).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
    leave({ pid: process.pid, host: 'elsewhere' });
    expect(await holdFileLock(path)).toMatchObject({ held: false, holder: { host: 'elsewhere' } });
    rmSync(`${path}.lock`, { recursive: true });
    // An empty folder is what a killed release left.
    mkdirSync(`${path}.lock`);
    expect(await taken()).toBe(true);
  });

  it('refuses a folder that it did not make', async () => {
    mkdirSync(join(`${path}.lock`, 'mine'), { recursive: true });
    await expect(holdFileLock(path)).rejects.toMatchObject({ code: 'LOCKED', exit: 6 });
    expect(existsSync(join(`${path}.lock`, 'mine'))).toBe(true);
  });

  it('lets many processes take turns, some of which are killed', async () => {
    const file = join(folder, 'count');
    writeFileSync(file, '0');
    const dead = await holding();
    const counters = Array.from({ length: 8 }, () => fixture('count', file));
    await kill(dead);
    const ends = await Promise.all(counters.map(({ result }) => result));
    expect(ends.map(({ exitCode, stderr }) => `${exitCode}${stderr}`)).toEqual(ends.map(() => '0'));
    expect(readFileSync(file, 'utf8')).toBe('8');
    expect(readdirSync(folder)).toEqual(['count']);
  });

  it('gives the lock back when the work fails, and to those of the same process one by one', async () => {
    const failing = withFileLock(path, () => Promise.reject(new TypeError('mine')), { timeout: 0 });
    await expect(failing).rejects.toThrow('mine');
    let inside = 0;
    const work = async () => {
      inside++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(inside).toBe(1);
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withFileLock(path, work, { timeout: 20_000 })));
    expect(await lockHolder(path)).toBeNull();
  });
});
