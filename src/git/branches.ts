import { exit, UserError } from '../lib/errors.ts';
import { nearest } from '../lib/text.ts';
import { git } from './git.ts';
import { heldBranch } from './operation.ts';
import type { Repository } from './repository.ts';
import { adminDirOf, listWorktrees } from './worktrees.ts';

/** A commit under a name that can be looked up again later: the branch or tag as people say it, else the commit's id. */
export interface Ref {
  readonly name: string;
  readonly oid: string;
}

/** Parts that git takes whatever they say (git-check-ref-format(1)): most names, so that most need no process. */
const PLAIN = /^\w[\w-]*(?:\/\w[\w-]*)*$/;

/** Whether git takes this for a branch's name: the last judge of every name that is not plain. */
export async function isBranchName(repo: Repository, name: string): Promise<boolean> {
  if (PLAIN.test(name) && name !== 'HEAD') return true;
  // git would create `@`, but everywhere else `@` means HEAD.
  if (name.startsWith('-') || name === '@') return false;
  // git expands `@{-1}` to the previous branch: a name must come back as it was.
  const { exitCode, stdout } = await git(repo.root).try(['check-ref-format', '--branch', name]);
  return exitCode === 0 && stdout === `${name}\n`;
}

/** Where a local branch points, or null. */
export async function localBranch(repo: Repository, name: string): Promise<string | null> {
  const { exitCode, stdout } = await git(repo.root).try([
    'rev-parse',
    '--verify',
    '--quiet',
    `refs/heads/${name}^{commit}`,
  ]);
  return exitCode === 0 ? stdout.trim() : null;
}

/** Short names of local branches that begin so. */
export async function localBranchesLike(repo: Repository, prefix: string): Promise<string[]> {
  const text = await git(repo.root).run(['for-each-ref', '--format=%(refname)', 'refs/heads/']);
  return text
    .split('\n')
    .filter((ref) => ref !== '')
    .map(shortName)
    .filter((name) => name.startsWith(prefix));
}

/** The worktree that has this branch checked out, or in the middle of a rebase or bisect; null when it is free. */
export async function branchHolder(repo: Repository, name: string): Promise<string | null> {
  return (await branchHolders(repo, name))[0] ?? null;
}

/** All of them: with `--force` git checks a branch out in several worktrees. */
export async function branchHolders(repo: Repository, name: string): Promise<string[]> {
  const holders: string[] = [];
  for (const entry of await listWorktrees(repo)) {
    if (entry.bare) continue;
    const admin = entry.detached ? await adminDirOf(repo, entry.path) : null;
    const branch = admin === null ? entry.branch : await heldBranch(admin);
    if (branch === name) holders.push(entry.path);
  }
  return holders;
}

/** The branch checked out in a worktree (unborn ones too), or null when detached. */
export async function currentBranch(worktree: string): Promise<string | null> {
  const { exitCode, stdout } = await git(worktree).try(['symbolic-ref', '--quiet', 'HEAD']);
  return exitCode === 0 ? shortName(stdout.trim()) : null;
}

/** The branch checked out in a worktree, else its commit: what other work can start from. Null before the first commit. */
export async function currentStart(worktree: string): Promise<string | null> {
  const head = await git(worktree).try(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  return head.exitCode === 0 ? ((await currentBranch(worktree)) ?? head.stdout.trim()) : null;
}

/**
 * The branch that work starts from and returns to: what origin (or the only remote) calls its HEAD, then the first of
 * init.defaultBranch, main and master that exists, then what the main worktree has checked out. Null when there is none.
 */
export async function defaultBranch(repo: Repository): Promise<string | null> {
  const usual = ['main', 'master'];
  const [refs, configured] = await Promise.all([
    readRefs(repo, ['refs/remotes/*/HEAD', ...usual.map((name) => `refs/heads/${name}`)]),
    git(repo.root).try(['config', '--get', 'init.defaultBranch']),
  ]);
  const remotes = refs.flatMap(({ ref, symref }) => {
    const remote = /^refs\/remotes\/(.+)\/HEAD$/.exec(ref)?.[1];
    return remote && symref ? [{ remote, branch: symref.slice(`refs/remotes/${remote}/`.length) }] : [];
  });
  const origin = remotes.find(({ remote }) => remote === 'origin') ?? (remotes.length === 1 ? remotes[0] : undefined);
  if (origin) return origin.branch;
  const own = configured.stdout.trim();
  if (own !== '' && !usual.includes(own) && (await localBranch(repo, own)) !== null) return own;
  const candidates = usual.includes(own) ? [own, ...usual] : usual;
  return candidates.find((name) => refs.some(({ ref }) => ref === `refs/heads/${name}`)) ?? currentBranch(repo.root);
}

/**
 * The commit to start from. `ref` null: the default branch, the local one before the remote's. `HEAD` is that of the
 * worktree swarm was called from.
 * @throws UserError NO_COMMITS or NO_SUCH_REF (2).
 */
export async function resolveBase(repo: Repository, ref: string | null): Promise<Ref> {
  const wanted = ref ?? (await defaultBranch(repo));
  const tries =
    wanted === null ? [] : ref === null ? [`refs/heads/${wanted}`, `refs/remotes/origin/${wanted}`, wanted] : [wanted];
  const here = git(repo.worktree ?? repo.root);
  for (const name of tries) {
    const { exitCode, stdout } = await here.try([
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${name}^{commit}`,
    ]);
    const oid = stdout.trim();
    // Our own tries name a ref in full; what a user wrote may only begin like one.
    const full = ref === null && name.startsWith('refs/') ? shortName(name) : null;
    if (exitCode === 0 && oid !== '') return { name: full ?? (await nameOfRef(here, name, oid)), oid };
  }
  throw await noSuchRef(repo, wanted, ref !== null);
}

/** `main`, `origin/main` or `v1.0` for what names a ref, else the commit's id: `HEAD~2` means another commit tomorrow. */
async function nameOfRef(here: ReturnType<typeof git>, name: string, oid: string): Promise<string> {
  const { exitCode, stdout } = await here.try(['rev-parse', '--symbolic-full-name', '--end-of-options', name]);
  const full = stdout.trim().split('\n').at(-1) ?? '';
  return exitCode === 0 && full.startsWith('refs/') ? shortName(full) : oid;
}

async function noSuchRef(repo: Repository, wanted: string | null, asked: boolean): Promise<UserError> {
  const text = await git(repo.root).run([
    'for-each-ref',
    '--format=%(refname)',
    'refs/heads/',
    'refs/remotes/',
    'refs/tags/',
  ]);
  const known = text
    .split('\n')
    .filter((ref) => ref !== '')
    .map(shortName);
  if (known.length === 0) {
    return new UserError({
      code: 'NO_COMMITS',
      exit: exit.usage,
      message: 'The repository has no commits yet, so there is nothing that a worktree could start from.',
      hint: 'git commit --allow-empty -m "Start"',
    });
  }
  const near = wanted === null ? [] : nearest(wanted, known);
  const meant = near.length > 0 ? `Did you mean ${near.join(', ')}?` : `There are ${known.slice(0, 10).join(', ')}.`;
  return new UserError({
    code: 'NO_SUCH_REF',
    exit: exit.usage,
    message:
      wanted === null
        ? `No default branch could be found. ${meant}`
        : `There is no branch, tag or commit '${wanted}'${asked ? '' : ', the default branch'}. ${meant}`,
    hint: `--base ${near[0] ?? known[0] ?? 'HEAD'}`,
    details: { ref: wanted, candidates: near.length > 0 ? near : known },
  });
}

/** A ref: what it points to, by its id, and by its name where it is a symbolic one ('' else). */
export interface FoundRef {
  readonly ref: string;
  readonly oid: string;
  readonly symref: string;
}

/** Refs under these names (git-for-each-ref(1)): exactly, or below one. */
export async function readRefs(repo: Repository, patterns: readonly string[]): Promise<FoundRef[]> {
  if (patterns.length === 0) return [];
  const format = '--format=%(refname) %(objectname) %(symref)';
  const text = await git(repo.root).run(['for-each-ref', format, ...patterns]);
  return text.split('\n').flatMap((line) => {
    const [ref, oid, symref = ''] = line.split(' ');
    return ref && oid ? [{ ref, oid, symref }] : [];
  });
}

/** `refs/heads/a/b` → `a/b`, `refs/remotes/origin/a` → `origin/a`. */
export function shortName(ref: string): string {
  return ref.replace(/^refs\/(heads|remotes|tags)\//, '');
}

/** The commit that a name means now, in the repository of `dir`; null when it means none. */
export async function resolveCommit(dir: string, name: string): Promise<string | null> {
  const { exitCode, stdout } = await git(dir).try([
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  return exitCode === 0 ? stdout.trim() : null;
}
