import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../lib/errors.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './identity.ts';

/** Who holds a lock. */
export interface LockHolder extends ProcessIdentity {
  readonly host: string;
  /** When it was taken, ISO 8601. */
  readonly since: string;
}

/** A name for a lock's one file that says who made it: whoever sees the lock sees its holder, whole. */
export async function ownName(): Promise<string> {
  const { pid, start } = await ownIdentity();
  const about = { pid: String(pid), start: start ?? '', host: hostname(), since: new Date().toISOString() };
  return new URLSearchParams({ ...about, id: randomUUID().slice(0, 8) }).toString();
}

/** Null for a name that isn't one of {@link ownName}. */
function holderOf(name: string): LockHolder | null {
  const about = new URLSearchParams(name);
  const [pid, start, host, since] = ['pid', 'start', 'host', 'since'].map((key) => about.get(key) ?? '');
  if (!pid || !host || !since || !/^\d+$/.test(pid)) return null;
  return { pid: Number(pid), start: start || null, host, since };
}

/** Whether it may still live. Of another machine's processes (a home on several) nothing can be known. */
async function lives(holder: LockHolder): Promise<boolean> {
  return holder.host !== hostname() || (await isAlive(holder));
}

/** The living holder whose file is in the folder. What dead ones left there, and beside it, is removed by its own name. */
export async function holderIn(folder: string): Promise<LockHolder | null> {
  for (const name of namesIn(dirname(folder))) {
    if (!name.startsWith(`${basename(folder)}.`)) continue;
    const maker = holderOf(name.slice(basename(folder).length + 1));
    if (maker !== null && !(await lives(maker)))
      fs.rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
  for (const name of namesIn(folder)) {
    const holder = holderOf(name);
    if (holder === null) continue;
    if (await lives(holder)) return holder;
    leave(folder, name);
  }
  return null;
}

/**
 * The calls with which proper-lockfile makes and removes a lock: the folder is made whole beside its place, with `name`
 * in it, and renamed into it, which succeeds only onto nothing or an empty folder.
 */
export function lockCalls(name: string): object {
  const enter = (folder: string) => {
    const whole = `${folder}.${name}`;
    fs.mkdirSync(whole, { mode: 0o700 });
    try {
      fs.writeFileSync(join(whole, name), '', { mode: 0o600 });
      fs.renameSync(whole, folder);
    } catch (error) {
      fs.rmSync(whole, { recursive: true, force: true });
      if (errnoOf(error) !== 'ENOTEMPTY') throw error;
      throw Object.assign(new Error(`${folder} is taken`, { cause: error }), { code: 'EEXIST' });
    }
  };
  return {
    ...fs,
    mkdir: answering(enter),
    rmdir: answering((folder) => leave(folder, name)),
    rmdirSync: (folder: string) => leave(folder, name),
  };
}

/** Removes a holder's file, and the folder unless the next one is in it already. */
function leave(folder: string, name: string): void {
  for (const step of [() => fs.unlinkSync(join(folder, name)), () => fs.rmdirSync(folder)]) {
    try {
      step();
    } catch (error) {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errnoOf(error) ?? '')) throw error;
    }
  }
}

function answering(work: (folder: string) => void) {
  return (folder: string, answer: (error: unknown) => void) => {
    try {
      work(folder);
    } catch (error) {
      answer(error);
      return;
    }
    answer(null);
  };
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
