import { exit, UserError } from '../lib/errors.ts';
import type { Git } from './git.ts';

/** `git merge-tree --write-tree` came with 2.38 (release notes of October 2022); `worktree list -z` and `hook run` with 2.36. */
const OLDEST = { major: 2, minor: 38 } as const;

/** git's version, as its text and as numbers; null numbers where the text can't be read. */
async function gitVersion(git: Git): Promise<{ text: string; major: number; minor: number } | null> {
  const text = (await git.run(['version'])).trim();
  const match = /(\d+)\.(\d+)[\w.]*/.exec(text);
  return match ? { text: match[0], major: Number(match[1]), minor: Number(match[2]) } : null;
}

/** @throws UserError (5) when git is older than what swarm needs. A version that can't be read passes. */
export async function requireGitVersion(git: Git): Promise<void> {
  const version = await gitVersion(git);
  if (!version || version.major > OLDEST.major) return;
  if (version.major === OLDEST.major && version.minor >= OLDEST.minor) return;
  throw new UserError({
    code: 'GIT_TOO_OLD',
    exit: exit.missing,
    message: `git ${version.text} is too old: swarm needs ${OLDEST.major}.${OLDEST.minor} or newer.`,
    hint: 'https://git-scm.com/downloads',
    details: { found: version.text, needed: `${OLDEST.major}.${OLDEST.minor}` },
  });
}
