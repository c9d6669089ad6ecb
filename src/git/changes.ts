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

/** A worktree's uncommitted work, untracked files included, as a binary patch against its HEAD; empty when it is clean. */
export function uncommittedPatch(worktree: string): Promise<string> {
  return withSnapshot(worktree, async ({ git: repository, env, tree }) => {
    const head = await repository.try(['rev-parse', '--verify', '--quiet', 'HEAD']);
    const from = head.exitCode === 0 ? head.stdout.trim() : EMPTY_TREE;
    const raw = ['diff', '--no-ext-diff', '--no-textconv', '--no-color', '--binary', '--full-index', '--src-prefix=a/'];
    return repository.run([...raw, '--dst-prefix=b/', from, tree], { env });
  });
}

/** Applies such a patch to the files of another worktree, its index untouched. @throws GitError when it doesn't fit. */
export async function applyPatch(worktree: string, patch: string): Promise<void> {
  if (patch !== '') await git(worktree).run(['apply', '--binary', '--whitespace=nowarn', '-p1', '-'], { input: patch });
}
