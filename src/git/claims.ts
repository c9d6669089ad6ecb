import { rm } from 'node:fs/promises';
import { git } from './git.ts';
import type { Repository } from './repository.ts';
import { type AdminDir, listAdminDirs, realOf } from './worktrees.ts';

/** Says on a worktree's lock that an operation of swarm's has not finished making it. */
export function initializing(operation: string): string {
  return `swarm: initializing ${operation}`;
}

/** The reflog message of a branch's first entry, by which an operation knows its own branch again. */
function creation(operation: string, from: string): string {
  return `branch: Created from ${from} (swarm ${operation})`;
}

/**
 * Creates a branch that must not exist yet, in one transaction: of two that try, one gets it.
 * @throws GitError when it exists.
 */
export async function createBranch(
  repo: Repository,
  branch: string,
  start: { readonly oid: string; readonly name: string },
  operation: string,
): Promise<void> {
  const message = creation(operation, start.name);
  const args = [
    'update-ref',
    '--create-reflog',
    '-m',
    message,
    `refs/heads/${branch}`,
    start.oid,
    '0'.repeat(start.oid.length),
  ];
  await git(repo.root, { operation }).run(args);
}

/** Whether this operation created the branch. */
export async function createdBranch(repo: Repository, branch: string, operation: string): Promise<boolean> {
  const args = ['reflog', 'show', '--no-show-signature', '--no-color', '--format=%gs', `refs/heads/${branch}`, '--'];
  const { exitCode, stdout } = await git(repo.root).try(args);
  const first = stdout.trimEnd().split('\n').at(-1) ?? '';
  return exitCode === 0 && first.endsWith(`(swarm ${operation})`);
}

/** Deletes a branch if it still points there, and what the configuration says of it. False when it has moved or is gone. */
export async function deleteBranch(repo: Repository, branch: string, oid: string): Promise<boolean> {
  const { exitCode } = await git(repo.root).try(['update-ref', '-d', `refs/heads/${branch}`, oid]);
  return exitCode === 0;
}

/** The admin folders of a worktree that an operation began to make, however far it came. */
export async function adminDirsBegun(repo: Repository, path: string, operation: string): Promise<AdminDir[]> {
  const wanted = await realOf(path);
  const dirs = await listAdminDirs(repo);
  const places = await Promise.all(dirs.map(({ worktree }) => (worktree === null ? null : realOf(worktree))));
  return dirs.filter((dir, index) =>
    places[index] === null ? dir.locked === initializing(operation) : places[index] === wanted,
  );
}

/** Makes git forget a worktree whose folder is gone or about to be. */
export async function removeAdminDir(admin: AdminDir): Promise<void> {
  await rm(admin.dir, { recursive: true, force: true });
}
