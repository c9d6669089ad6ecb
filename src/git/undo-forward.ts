import { existsSync } from 'node:fs';
import { readFile, readlink, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Git, git } from './git.ts';

/** What a checkout holds of a move forward that git was killed in. */
export interface HalfForward {
  /** Put back as they were. */
  readonly restored: readonly string[];
  /** The index's lock that git left; whoever is sure that no git runs there can remove it. Null without one. */
  readonly lock: string | null;
}

/**
 * Takes back what a killed `git merge --ff-only` had written into a checkout whose branch has not moved. Only files that
 * are, byte for byte, as the new commit has them are touched: nothing of a person's can be among them.
 */
export async function undoForward(worktree: string, from: string, to: string): Promise<HalfForward> {
  const here = git(worktree);
  const lock = resolve(worktree, (await here.run(['rev-parse', '--git-path', 'index.lock'])).trimEnd());
  if (existsSync(lock)) return { restored: [], lock };
  const restored: string[] = [];
  for (const { path, old, fresh } of await changesBetween(here, from, to)) {
    if (!(await isAs(here, worktree, path, fresh))) continue;
    restored.push(path);
    // A path with a colon or a star is that path.
    const args = ['--literal-pathspecs', 'restore', `--source=${from}`, '--staged', '--worktree', '--', path];
    if (old !== null) await here.run(args);
    else {
      await here.try(['--literal-pathspecs', 'rm', '--quiet', '--cached', '--ignore-unmatch', '--', path]);
      await rm(join(worktree, path), { force: true });
    }
  }
  return { restored, lock: null };
}

interface Change {
  readonly path: string;
  /** Ids of the contents; null where there is none. */
  readonly old: string | null;
  readonly fresh: string | null;
}

async function changesBetween(here: Git, from: string, to: string): Promise<Change[]> {
  const fields = (await here.run(['diff-tree', '-r', '-z', '--no-renames', from, to])).split('\0');
  const id = (text = '') => (/^0+$/.test(text) ? null : text);
  const changes: Change[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, , old, fresh] = fields[at]?.split(' ') ?? [];
    changes.push({ path: fields[at + 1] ?? '', old: id(old), fresh: id(fresh) });
  }
  return changes;
}

/** Whether a file there has this content; one that is gone is as a commit that has none. */
async function isAs(here: Git, worktree: string, path: string, oid: string | null): Promise<boolean> {
  const file = join(worktree, path);
  const link = await readlink(file).catch(() => null);
  const there = link !== null || (await readFile(file).catch(() => null)) !== null;
  if (oid === null || !there) return oid === null && !there;
  if (link !== null) return (await here.run(['hash-object', '--stdin'], { input: link })).trim() === oid;
  return (await here.run(['hash-object', `--path=${path}`, '--', file])).trim() === oid;
}
