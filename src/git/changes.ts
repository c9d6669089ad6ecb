import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exit, UserError } from '../lib/errors.ts';
import { reasonOf } from './error.ts';
import { git } from './git.ts';
import { withSnapshot } from './snapshot.ts';

/** The hash of git's empty tree: what an unborn branch is compared with. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export type DiffForm = 'patch' | 'stat' | 'name-only';

const FORM: Readonly<Record<DiffForm, readonly string[]>> = {
  patch: ['--patch'],
  stat: ['--stat'],
  'name-only': ['--name-only'],
};

/** What a worktree holds beyond `base` (a commit or tree): commits, changes and untracked files, as git's own diff. */
export function diffAgainst(worktree: string, base: string | null, form: DiffForm, colour: boolean): Promise<string> {
  return withSnapshot(worktree, async ({ git: repository, env, tree }) =>
    repository.run(
      ['diff', '--no-ext-diff', `--color=${colour ? 'always' : 'never'}`, ...FORM[form], base ?? EMPTY_TREE, tree],
      { env },
    ),
  );
}

/** Where a worktree's work began: the last commit it shares with `base`, or `fallback` when there is none. */
export async function startOfWork(
  worktree: string,
  base: string | null,
  fallback: string | null,
): Promise<string | null> {
  if (base === null) return fallback;
  const found = await git(worktree).try(['merge-base', 'HEAD', base]);
  return found.exitCode === 0 ? found.stdout.trim() : fallback;
}

/**
 * Runs `work` with a file that holds a worktree's uncommitted work, untracked files included, as a binary patch against
 * its HEAD. A file and no text: a patch holds other people's encodings as they are.
 */
export async function withUncommitted<T>(worktree: string, work: (patch: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-patch-'));
  const patch = join(folder, 'patch');
  try {
    await withSnapshot(worktree, async ({ git: repository, env, tree, missing }) => {
      // Carried elsewhere, work must be whole.
      if (missing !== null) throw missing;
      const head = await repository.try(['rev-parse', '--verify', '--quiet', 'HEAD']);
      const from = head.exitCode === 0 ? head.stdout.trim() : EMPTY_TREE;
      await repository.run(['diff', ...PLAIN_PATCH, `--output=${patch}`, from, tree], { env });
    });
    return await work(patch);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whatever the user's config says about diffs: a patch that git can apply. */
const PLAIN_PATCH: readonly string[] = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-renames',
  '--binary',
  '--full-index',
  '--ignore-submodules=none',
  '--unified=3',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];

/** Applies such a patch to the files of another worktree, its index untouched. @throws UserError exit 1 when it doesn't fit. */
export async function applyPatch(worktree: string, patch: string): Promise<void> {
  if (statSync(patch).size === 0) return;
  const applied = await git(worktree).try(['apply', '--binary', '--whitespace=nowarn', '-p1', '--', patch]);
  if (applied.exitCode === 0) return;
  // The patch is a file that is gone by the time that anybody reads this.
  const reason = reasonOf(applied.stderr).replaceAll(patch, 'the changes');
  throw new UserError({
    code: 'CHANGES_DO_NOT_FIT',
    exit: exit.failed,
    message: `The uncommitted changes do not fit what the new worktree starts from: ${reason}.`,
    hint: 'Commit them first, or start from the commit that they were made on.',
    details: { worktree, reason },
  });
}
