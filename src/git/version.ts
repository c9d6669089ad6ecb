import { exit, UserError } from '../lib/errors.ts';
import type { Git } from './git.ts';

/** `git merge-tree --write-tree` came with 2.38 (release notes of October 2022); `worktree list -z` and `hook run` with 2.36. */
const OLDEST = { major: 2, minor: 38 } as const;

export interface GitVersion {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
}

/** Null where the text can't be read. */
async function gitVersion(git: Git): Promise<GitVersion | null> {
  const text = (await git.run(['version'])).trim();
  const match = /(\d+)\.(\d+)[\w.]*/.exec(text);
  return match ? { text: match[0], major: Number(match[1]), minor: Number(match[2]) } : null;
}

/** Whether git is at least so new; one whose version can't be read is not. */
export function isSince(version: GitVersion | null, major: number, minor: number): boolean {
  return version !== null && (version.major > major || (version.major === major && version.minor >= minor));
}

/** Answers git's version. @throws UserError (5) when it is older than what swarm needs. One that can't be read passes. */
export async function requireGitVersion(git: Git): Promise<GitVersion | null> {
  const version = await gitVersion(git);
  if (version === null || isSince(version, OLDEST.major, OLDEST.minor)) return version;
  throw new UserError({
    code: 'GIT_TOO_OLD',
    exit: exit.missing,
    message: `git ${version.text} is too old: swarm needs ${OLDEST.major}.${OLDEST.minor} or newer.`,
    hint: 'https://git-scm.com/downloads',
    details: { found: version.text, needed: `${OLDEST.major}.${OLDEST.minor}` },
  });
}
