import { exit, UserError } from '../lib/errors.ts';
import { git } from './git.ts';

/**
 * Commits everything that is changed or new in a worktree but the paths to `leave`, as its user would by hand: with their
 * identity and hooks. Answers the new commit.
 * @throws UserError exit 4 when git refuses (a hook, a missing identity, another git at work there): nothing is committed then.
 */
export async function commitAll(worktree: string, message: string, leave: readonly string[]): Promise<string> {
  const here = git(worktree);
  const without = leave.map((path) => `:(exclude,top,literal)${path}`);
  const added = await here.try(['add', '--all', '--', ':(top)', ...without]);
  if (added.exitCode !== 0) throw refused(worktree, added.stderr);
  const made = await here.try(['commit', '--quiet', '--file=-'], { input: message });
  if (made.exitCode !== 0) throw refused(worktree, `${made.stdout}${made.stderr}`);
  return (await here.run(['rev-parse', 'HEAD'])).trim();
}

function refused(worktree: string, said: string): UserError {
  const words = said.trim();
  return new UserError({
    code: 'NOT_COMMITTED',
    exit: exit.refused,
    message: `git made no commit in ${worktree}${words === '' ? '.' : `:\n${words}`}`,
    hint: `git -C '${worktree}' status`,
    details: { worktree, said },
  });
}
