import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { shortName } from './branches.ts';
import { git } from './git.ts';
import { BRANCH_HOLDERS } from './operation.ts';
import type { Repository } from './repository.ts';

/** Suffix under which a set-aside worktree keeps the files by which git would count its branch as in use. */
const ASIDE = '.set-aside';

/** Locks a worktree, so that git never prunes it. Fine when it is locked so already. */
export async function lockAdmin(admin: string, reason: string): Promise<void> {
  await writeFile(join(admin, 'locked'), reason);
}

export async function unlockAdmin(admin: string): Promise<void> {
  await rm(join(admin, 'locked'), { force: true });
}

/**
 * Takes a worktree's HEAD off its branch, and a rebase or bisect in progress too, so that the branch is free for others.
 * Index, files, and what is in progress stay as they are.
 */
export async function releaseBranch(repo: Repository, admin: string, head: string | null, id: string): Promise<void> {
  const there = git(repo.root);
  // Without a commit there is nothing to detach at: a branch that nobody else will take stands in.
  const args =
    head === null
      ? ['symbolic-ref', 'HEAD', `refs/heads/swarm-removed-${id}`]
      : ['update-ref', '--no-deref', '-m', `swarm: set aside ${id}`, 'HEAD', head];
  await there.run([`--git-dir=${admin}`, ...args]);
  for (const file of BRANCH_HOLDERS) await moveIfThere(join(admin, file), join(admin, `${file}${ASIDE}`));
}

/** Puts a worktree's HEAD back on its branch (null: it was detached), and a rebase or bisect back in progress. */
export async function takeBranch(repo: Repository, admin: string, branch: string | null): Promise<void> {
  for (const file of BRANCH_HOLDERS) await moveIfThere(join(admin, `${file}${ASIDE}`), join(admin, file));
  if (branch === null) return;
  await git(repo.root).run([
    `--git-dir=${admin}`,
    'symbolic-ref',
    '-m',
    'swarm: restored',
    'HEAD',
    `refs/heads/${branch}`,
  ]);
}

/** Tells git where a worktree lies after it was moved, in both directions. */
export async function relocate(admin: string, worktree: string): Promise<void> {
  await replace(join(admin, 'gitdir'), `${join(worktree, '.git')}\n`);
  const link = join(worktree, '.git');
  const target = (await readFile(link, 'utf8')).replace(/^gitdir: /, '').trim();
  if (resolve(target) !== target) await replace(link, `gitdir: ${admin}\n`);
}

/** Branch (null: detached) and commit (null: none yet) of a worktree's HEAD, also when its folder is gone. */
export async function headOf(repo: Repository, admin: string): Promise<{ branch: string | null; oid: string | null }> {
  const there = git(repo.root);
  const commit = await there.try([`--git-dir=${admin}`, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  const branch = await there.try([`--git-dir=${admin}`, 'symbolic-ref', '--quiet', 'HEAD']);
  return {
    branch: branch.exitCode === 0 ? shortName(branch.stdout.trim()) : null,
    oid: commit.exitCode === 0 ? commit.stdout.trim() : null,
  };
}

/** A ref that keeps commits from being collected; null removes it. */
export async function keepRef(repo: Repository, ref: string, oid: string | null): Promise<void> {
  await git(repo.root).run(oid === null ? ['update-ref', '-d', ref] : ['update-ref', ref, oid]);
}

async function moveIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch(() => null);
}

async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.swarm`, text);
  await rename(`${file}.swarm`, file);
}
