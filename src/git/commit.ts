import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exit, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import { type Git, git } from './git.ts';

/**
 * Commits everything that is changed or new in a worktree but the paths to `leave`, as its user would by hand: with their
 * identity and hooks. Answers the new commit.
 * @throws UserError exit 4 when git refuses (a hook, a missing identity, another git at work there): nothing is committed
 * then, and what was staged before still is, and nothing else.
 */
export async function commitAll(worktree: string, message: string, leave: readonly string[]): Promise<string> {
  const here = git(worktree);
  const before = await stagedIn(here);
  const without = leave.map((path) => `:(exclude,top,literal)${path}`);
  const added = await here.try(['add', '--all', '--', ':(top)', ...without]);
  if (added.exitCode !== 0) throw refused(worktree, added.stderr);
  const made = await here.try(['commit', '--quiet', '--file=-'], { input: message });
  if (made.exitCode === 0) return (await here.run(['rev-parse', 'HEAD'])).trim();
  await stageAsBefore(here, before);
  throw refused(worktree, `${made.stdout}${made.stderr}`);
}

/** A worktree's index, byte for byte. */
interface Staged {
  readonly file: string;
  /** Null: there was none. */
  readonly content: Buffer | null;
  readonly mode: number;
  /** Milliseconds, rounded down: by it git knows which files to look into again. */
  readonly changedAt: number;
  readonly head: string;
}

async function stagedIn(here: Git): Promise<Staged> {
  const file = resolve(here.dir, (await here.run(['rev-parse', '--git-path', 'index'])).replace(/\n$/, ''));
  const [content, info, head] = await Promise.all([
    readFile(file).catch(() => null),
    stat(file).catch(() => null),
    headOf(here),
  ]);
  return { file, content, mode: info?.mode ?? 0o644, changedAt: Math.floor(info?.mtimeMs ?? 0), head };
}

/** Under git's own lock. Whoever holds that, or has committed meanwhile, has staged something else: that is left alone. */
async function stageAsBefore(here: Git, { file, content, mode, changedAt, head }: Staged): Promise<void> {
  const lock = await open(`${file}.lock`, 'wx', mode).catch(() => null);
  if (lock === null) return;
  try {
    if (content !== null) await lock.writeFile(content);
    await lock.utimes(changedAt / 1000, changedAt / 1000);
    await lock.close();
    if ((await headOf(here)) !== head) await rm(`${file}.lock`);
    else if (content !== null) await rename(`${file}.lock`, file);
    else await Promise.all([rm(file, { force: true }), rm(`${file}.lock`)]);
  } catch (error) {
    await rm(`${file}.lock`, { force: true });
    throw error;
  }
}

/** The commit, or '' before the first. */
async function headOf(here: Git): Promise<string> {
  return (await here.try(['rev-parse', '--verify', '--quiet', 'HEAD'])).stdout.trim();
}

function refused(worktree: string, said: string): UserError {
  const words = said.trim();
  return new UserError({
    code: 'NOT_COMMITTED',
    exit: exit.refused,
    message: `git made no commit in ${worktree}${words === '' ? '.' : `:\n${words}`}`,
    hint: `git -C ${shellWord(worktree)} status`,
    details: { worktree, said },
  });
}
