import { join } from 'node:path';
import type { Config } from '../config/types.ts';
import { branchHolder, type Ref, resolveBase } from '../git/branches.ts';
import { namesakes } from '../git/namesakes.ts';
import type { Repository } from '../git/repository.ts';
import { listAdminDirs } from '../git/worktrees.ts';
import { exit, UserError } from '../lib/errors.ts';
import { branchForTicket, requireBranchName, uniqueBranch } from './names.ts';
import { requireFreePath, unignoredNote, worktreesDir } from './place.ts';
import type { PullHead } from './pulls.ts';

/** What createWorktree will do, and undoWorktree undo. Plain data, for the journal. */
export interface WorktreePlan {
  readonly path: string;
  readonly branch: string;
  /** False: the branch is there and goes on where it is. */
  readonly createsBranch: boolean;
  /** The commit that is checked out. */
  readonly start: string;
  /** What the work is compared with and merged to. Null: an existing branch in a repository without a default one. */
  readonly base: Ref | null;
  /** The remote branch that a new local one follows. */
  readonly upstream: { readonly remote: string; readonly branch: string } | null;
  /** For people: what they may not expect. */
  readonly notes: readonly string[];
}

export interface WorktreeRequest {
  readonly repo: Repository;
  readonly config: Config['worktrees'];
  readonly agentName: string;
  readonly ticket: string | null;
  /** Takes the place of the name made from the ticket. */
  readonly branch?: string | null;
  /** Takes the place of the configured one. */
  readonly base?: string | null;
  /** What `base` (or the configured one) was found to mean, where the caller asked already. */
  readonly resolved?: Promise<Ref>;
  /** Whether a remote branch of that name is tracked (default), rather than passed over. */
  readonly track?: boolean;
  /** What other agents were promised but have not made yet. */
  readonly taken?: { readonly branches: readonly string[]; readonly paths: readonly string[] };
  /** The ticket has an agent: take the next free `ticket-2`, `ticket-3` … */
  readonly another?: boolean;
  /** Where a new branch starts in place of the base, and what it follows. An existing branch must be there already. */
  readonly head?: Pick<PullHead, 'number' | 'oid' | 'upstream'> | null;
}

/**
 * Decides branch, start and folder of a new worktree. Nothing is made: whatever can be refused is refused here, in words.
 * A new branch starts at the base; a local one goes on; one that only a remote has is followed, unless a base is asked for.
 * @throws UserError (2 for what was asked, 4 for what is in the way).
 */
export async function planWorktree(request: WorktreeRequest): Promise<WorktreePlan> {
  const { repo, config, agentName } = request;
  const asked = request.base ?? config.base;
  const base = (request.resolved ?? resolveBase(repo, asked)).then(
    (found) => ({ found, error: null }),
    (error: unknown) => ({ found: null, error }),
  );
  const [branch, dir] = await Promise.all([chooseBranch(request), worktreesDir(repo, config.dir)]);
  const path = join(dir, agentName);
  const [{ local, remotes, inTheWay: obstacles }, worktrees, note] = await Promise.all([
    namesakes(repo, branch),
    listAdminDirs(repo),
    unignoredNote(repo, dir),
  ]);
  const registered = [...worktrees.flatMap(({ worktree }) => worktree ?? []), ...(request.taken?.paths ?? [])];
  await requireFreePath(path, request, registered);
  const notes = note === null ? [] : [note];
  const based = await base;
  const shared = { path, branch };
  const head = request.head ?? null;
  if (local !== null) {
    if (head !== null && local !== head.oid) throw differs(branch, local, head);
    await requireFreeBranch(repo, branch, request);
    if (based.found === null && asked !== null) throw based.error;
    if (request.base && head === null)
      notes.push(
        `The branch '${branch}' exists and goes on where it is; '${request.base}' is what it is compared with.`,
      );
    return { ...shared, createsBranch: false, start: local, base: based.found, upstream: null, notes };
  }
  if (obstacles.length > 0) throw inTheWay(branch, obstacles);
  if (based.found === null) throw based.error;
  if (head !== null) {
    const upstream = request.another ? null : head.upstream;
    return { ...shared, createsBranch: true, start: head.oid, base: based.found, upstream, notes };
  }
  const [remote, second] = request.track === false ? [] : remotes;
  if (remote && request.base)
    notes.push(`${remote.remote} has a branch '${branch}' too; this one starts from ${request.base}.`);
  else if (remote) {
    if (second && remote.remote !== 'origin')
      throw severalRemotes(
        branch,
        remotes.map((one) => one.remote),
      );
    const upstream = { remote: remote.remote, branch };
    return { ...shared, createsBranch: true, start: remote.oid, base: based.found, upstream, notes };
  }
  return { ...shared, createsBranch: true, start: based.found.oid, base: based.found, upstream: null, notes };
}

async function chooseBranch(request: WorktreeRequest): Promise<string> {
  const { repo, ticket, agentName } = request;
  const taken = request.taken?.branches ?? [];
  const name = request.branch
    ? await requireBranchName(repo, request.branch)
    : await branchForTicket(repo, { template: request.config.branch, ticket, agent: agentName });
  if (request.another) return uniqueBranch(repo, name, taken);
  if (taken.includes(name)) throw branchTaken(name, 'belongs to another agent', request);
  return name;
}

async function requireFreeBranch(repo: Repository, branch: string, request: WorktreeRequest): Promise<void> {
  const holder = await branchHolder(repo, branch);
  if (holder !== null) throw branchTaken(branch, `is checked out in ${holder}`, request, holder);
}

function branchTaken(branch: string, why: string, request: WorktreeRequest, holder?: string): UserError {
  return new UserError({
    code: 'BRANCH_TAKEN',
    exit: exit.refused,
    message: `The branch '${branch}' ${why}; two worktrees can't share one.`,
    hint: request.branch ? `--branch ${branch}-2` : `swarm spawn ${request.ticket ?? branch} --another`,
    details: { branch, worktree: holder ?? null },
  });
}

function inTheWay(branch: string, obstacles: readonly string[]): UserError {
  return new UserError({
    code: 'BRANCH_IN_THE_WAY',
    exit: exit.refused,
    message: `The branch '${branch}' can't be made beside '${obstacles[0]}': for git, one would be a folder and a file at once.`,
    hint: `--branch ${branch.replaceAll('/', '-')}${branch.includes('/') ? '' : '-2'}`,
    details: { branch, inTheWay: obstacles },
  });
}

function severalRemotes(branch: string, remotes: readonly string[]): UserError {
  return new UserError({
    code: 'SEVERAL_REMOTES',
    exit: exit.usage,
    message: `Several remotes have a branch '${branch}': ${remotes.join(', ')}.`,
    hint: `--base ${remotes[0]}/${branch}`,
    details: { branch, remotes },
  });
}

function differs(branch: string, local: string, head: { readonly number: number; readonly oid: string }): UserError {
  const [here, there] = [local, head.oid].map((oid) => oid.slice(0, 10));
  return new UserError({
    code: 'BRANCH_DIFFERS',
    exit: exit.refused,
    message: `There is a branch '${branch}' already, at ${here}; the head of pull request ${head.number} is ${there}. Its commits are not touched.`,
    hint: `swarm spawn --pr ${head.number} --branch pr-${head.number}`,
    details: { branch, local, head: head.oid },
  });
}
