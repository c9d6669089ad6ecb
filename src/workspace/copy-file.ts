import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { copyFile, lstat, mkdir, readFile, readlink, realpath, rename, rm, symlink, utimes } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Repository } from '../git/repository.ts';
import { ancestorsOf } from '../git/untracked.ts';
import { errnoOf, exit, messageOf, UserError } from '../lib/errors.ts';
import { isInside } from './place.ts';

export interface Place {
  readonly repo: Repository;
  readonly worktree: string;
  /** What git tracks in the worktree: never touched. */
  readonly tracked: ReadonlySet<string>;
  readonly dryRun: boolean;
}

/** What became of one file; a string that begins with `skipped: ` says why not. */
export type Outcome = 'copied' | 'updated' | 'linked' | 'same' | `skipped: ${string}`;

/**
 * Brings one untracked file of the main worktree into another, with its mode and time, as a clone where the file system
 * can. A link stays a link. What is there already is replaced only when it differs, in one step.
 * @throws UserError COPY_FAILED (1) when the disk is full or can't be written.
 */
export async function bringFile(place: Place, path: string): Promise<Outcome> {
  try {
    return await bring(place, path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'ENOSPC' && errno !== 'EDQUOT' && errno !== 'EROFS') return `skipped: ${errno ?? messageOf(error)}`;
    throw new UserError({
      code: 'COPY_FAILED',
      exit: exit.failed,
      message: `${path} could not be copied to ${place.worktree}: ${messageOf(error)}`,
      hint: null,
      details: { path, errno },
    });
  }
}

async function bring(place: Place, path: string): Promise<Outcome> {
  const from = join(place.repo.root, path);
  const to = join(place.worktree, path);
  const source = await lstat(from);
  const obstacle =
    (await obstacleOf(place, path)) ?? (source.isSymbolicLink() ? await strayLink(place.repo, from) : null);
  if (obstacle !== null) return `skipped: ${obstacle}`;
  if (!source.isFile() && !source.isSymbolicLink()) return 'skipped: it is neither a file nor a link';
  const target = await lstat(to).catch(() => null);
  if (target) {
    if (target.isDirectory()) return 'skipped: a folder is there';
    if (target.isSymbolicLink() !== source.isSymbolicLink())
      return `skipped: a ${target.isFile() ? 'file' : 'link'} is there`;
    if (await sameContent(from, source, to, target)) return 'same';
  }
  if (!place.dryRun) await put(from, source, to);
  return target ? 'updated' : 'copied';
}

/** Why nothing may be put at this path of the worktree; null when it may. */
export async function obstacleOf(place: Place, path: string): Promise<string | null> {
  if (place.tracked.has(path)) return 'git tracks it in this worktree';
  for (const folder of ancestorsOf(path)) {
    const found = await lstat(join(place.worktree, folder)).catch(() => null);
    if (!found) return null;
    if (found.isSymbolicLink()) return `${folder} is a link in this worktree`;
    if (!found.isDirectory()) return `${folder} is a file in this worktree`;
  }
  return null;
}

/** Why a link of the main worktree is not brought along; null when it stays in the repository. */
export async function strayLink(repo: Repository, link: string): Promise<string | null> {
  const end = await realpath(link).catch(async () => resolve(dirname(link), await readlink(link)));
  if (!isInside(repo.root, end)) return 'it is a link that leads out of the repository';
  return isInside(repo.commonDir, end) ? "it is a link into git's own folder" : null;
}

async function sameContent(from: string, source: Stats, to: string, target: Stats): Promise<boolean> {
  if (source.isSymbolicLink()) return (await readlink(from)) === (await readlink(to));
  if (source.size !== target.size || (source.mode & 0o777) !== (target.mode & 0o777)) return false;
  // A copy has its original's time; whoever changes it changes that too.
  if (source.mtimeMs === target.mtimeMs) return true;
  return (await readFile(from)).equals(await readFile(to));
}

/** Written beside its place and moved there: a reader sees the old or the new file, never half of one. */
async function put(from: string, source: Stats, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const temporary = join(dirname(to), `.swarm-copy-${randomUUID()}`);
  try {
    if (source.isSymbolicLink()) await symlink(await readlink(from), temporary);
    else {
      await copyFile(from, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      await utimes(temporary, source.atimeMs / 1000, source.mtimeMs / 1000);
    }
    await rename(temporary, to);
  } finally {
    await rm(temporary, { force: true });
  }
}
