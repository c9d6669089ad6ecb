import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settleAll } from '../lib/parallel.ts';
import { git } from './git.ts';
import { readStatus, type Status } from './status.ts';

/** What git says of an agent's worktree. Null: not known, or there is none. */
export interface GitFacts {
  readonly head: string | null;
  readonly subject: string | null;
  readonly committedAt: string | null;
  /** Commits that the base lacks, and those of the base that are lacking here. */
  readonly ahead: number | null;
  readonly behind: number | null;
  /** Changed and untracked files. */
  readonly dirty: number | null;
  /** Lines against the point where the branch left its base: committed, uncommitted and untracked. */
  readonly insertions: number | null;
  readonly deletions: number | null;
  /** When this was read. */
  readonly at: string;
}

/** Untracked files above this many bytes, and more of them than this, are not counted line by line. */
const COUNTED = { bytes: 2_000_000, files: 500 } as const;

/**
 * Reads a worktree's facts. Writes nothing: neither index nor objects nor locks, so an agent's own git never notices.
 * A folder that is gone, or no repository any more, gives nulls.
 */
export async function gitFacts(worktree: string, baseOid: string | null): Promise<GitFacts> {
  const at = new Date().toISOString();
  const nothing = { head: null, subject: null, committedAt: null, ahead: null, behind: null };
  const status = await readStatus(worktree).catch(() => null);
  if (status === null) return { ...nothing, dirty: null, insertions: null, deletions: null, at };
  const dirty = status.changed.length + status.untracked.length;
  if (status.head === null) return { ...nothing, dirty, insertions: null, deletions: null, at };
  const [commit, distance, lines, added] = await Promise.all([
    describe(worktree, status.head),
    baseOid === null ? null : distanceOf(worktree, baseOid, status.head),
    isClean(status, baseOid) ? { insertions: 0, deletions: 0 } : linesAgainst(worktree, baseOid, status.head),
    linesIn(worktree, status.untracked),
  ]);
  return {
    head: status.head,
    subject: commit?.subject ?? null,
    committedAt: commit?.committedAt ?? null,
    ahead: distance?.ahead ?? null,
    behind: distance?.behind ?? null,
    dirty,
    insertions: lines === null ? null : lines.insertions + added,
    deletions: lines?.deletions ?? null,
    at,
  };
}

/**
 * Only what a worktree stands on: its commit, and the distance to the base. Its files are not looked at (null): in a
 * large repository that is what takes the time.
 */
export async function commitFacts(worktree: string, base: Promise<string | null>): Promise<GitFacts> {
  const at = new Date().toISOString();
  const [commit, baseOid] = await Promise.all([readCommit(worktree, 'HEAD'), base]);
  const head = commit?.oid ?? null;
  const distance = head === null || baseOid === null ? null : await distanceOf(worktree, baseOid, head);
  return {
    head,
    subject: commit?.subject ?? null,
    committedAt: commit?.committedAt ?? null,
    ahead: distance?.ahead ?? null,
    behind: distance?.behind ?? null,
    dirty: null,
    insertions: null,
    deletions: null,
    at,
  };
}

/** Nothing committed since the base, nothing changed: there are no lines to count. */
function isClean({ head, changed }: Status, baseOid: string | null): boolean {
  return changed.length === 0 && (baseOid === null || baseOid === head);
}

interface Described {
  readonly oid: string;
  readonly subject: string;
  readonly committedAt: string;
}

/** Commits never change: agents that stand on the same one ask git once. */
const described = new Map<string, Promise<Described | null>>();

function describe(worktree: string, oid: string): Promise<Described | null> {
  const known = described.get(oid);
  if (known !== undefined) return known;
  const asked = readCommit(worktree, oid);
  described.set(oid, asked);
  return asked;
}

async function readCommit(worktree: string, revision: string): Promise<Described | null> {
  const args = ['log', '-1', '--no-show-signature', '--no-color', '--format=%H%x00%cI%x00%s', revision, '--'];
  const { exitCode, stdout } = await git(worktree).try(args);
  const [oid, date, subject] = stdout.replace(/\n$/, '').split('\0');
  if (exitCode !== 0 || oid === undefined || date === undefined || subject === undefined) return null;
  return { oid, subject, committedAt: new Date(date).toISOString() };
}

async function distanceOf(
  worktree: string,
  base: string,
  head: string,
): Promise<{ ahead: number; behind: number } | null> {
  if (base === head) return { ahead: 0, behind: 0 };
  const args = ['rev-list', '--left-right', '--count', `${base}...${head}`, '--'];
  const { exitCode, stdout } = await git(worktree).try(args);
  const [behind, ahead] = stdout.trim().split('\t').map(Number);
  return exitCode === 0 && behind !== undefined && ahead !== undefined ? { ahead, behind } : null;
}

/** Plumbing, since `git diff` takes the index's lock to refresh it. */
async function linesAgainst(
  worktree: string,
  base: string | null,
  head: string,
): Promise<{ insertions: number; deletions: number } | null> {
  const diff = (from: readonly string[]) =>
    git(worktree).try(['diff-index', '--numstat', '-z', '--no-renames', '--no-ext-diff', ...from, '--']);
  let result = await diff(base === null ? [head] : ['--merge-base', base]);
  // No common ancestor: what it holds beyond its own last commit is still worth telling.
  if (result.exitCode !== 0) result = await diff([head]);
  if (result.exitCode !== 0) return null;
  let insertions = 0;
  let deletions = 0;
  for (const line of result.stdout.split('\0')) {
    const [plus, minus] = line.split('\t');
    // A binary file has `-` in place of numbers.
    insertions += Number(plus) || 0;
    deletions += Number(minus) || 0;
  }
  return { insertions, deletions };
}

async function linesIn(worktree: string, untracked: readonly string[]): Promise<number> {
  const files = untracked.filter((path) => !path.endsWith('/')).slice(0, COUNTED.files);
  const counts = await settleAll(files, 8, async (path) => {
    const file = join(worktree, path);
    const info = await lstat(file);
    if (!info.isFile() || info.size > COUNTED.bytes) return 0;
    return countLines(await readFile(file));
  });
  return counts.reduce((sum, count) => sum + (count.status === 'fulfilled' ? count.value : 0), 0);
}

/** As `git diff --numstat` counts: a last line without a newline is one too, binary files (a NUL near the start) have none. */
function countLines(content: Buffer): number {
  if (content.length === 0 || content.subarray(0, 8000).includes(0)) return 0;
  let lines = 0;
  for (let at = content.indexOf(10); at >= 0; at = content.indexOf(10, at + 1)) lines++;
  return content.at(-1) === 10 ? lines : lines + 1;
}
