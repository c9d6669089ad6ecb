import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { exit, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import { reasonOf } from './error.ts';
import { type Git, type GitResult, git } from './git.ts';
import { type GitVersion, requireGitVersion } from './version.ts';

/** The repository that a session belongs to. Paths are absolute and real (no links). */
export interface Repository {
  /** The folder that holds refs and objects: what makes a repository itself, seen from any of its worktrees. */
  readonly commonDir: string;
  /** The main worktree; the bare repository's own folder when there is none. */
  readonly root: string;
  readonly bare: boolean;
  /** Last part of `root`, without `.git`; of the folder around it where that leaves nothing (`project/.bare`). */
  readonly name: string;
  /** The worktree that swarm was called from; null in a bare repository's own folder. */
  readonly worktree: string | null;
  /** `<commonDir>/swarm`: the session's state. Inside the git folder, so that `git clean -fdx` can't lose it. */
  readonly stateDir: string;
  /** Of the git that was asked. */
  readonly gitVersion: GitVersion | null;
}

/**
 * The repository around a folder: the same one from its main worktree, a linked one or below them. In a submodule it is
 * the submodule's own.
 * @throws UserError NOT_A_REPOSITORY, NO_SUCH_FOLDER, UNSAFE_REPOSITORY (2), or when git is missing or too old (5).
 */
export async function findRepository(cwd: string): Promise<Repository> {
  const here = git(cwd);
  const [{ commonDir, gitDir, toplevel }, gitVersion] = await Promise.all([look(here), requireGitVersion(here)]);
  // Most calls come from the main worktree: git has just named it.
  const seen = gitDir === commonDir ? toplevel : null;
  const root = seen ?? (await mainWorktree(here, commonDir));
  return {
    commonDir,
    root: root ?? commonDir,
    bare: root === null,
    name: nameOf(root ?? commonDir),
    worktree: toplevel ?? root,
    stateDir: join(commonDir, 'swarm'),
    gitVersion,
  };
}

async function look(here: Git): Promise<{ commonDir: string; gitDir: string; toplevel: string | null }> {
  // The last question fails outside a worktree, after the others are answered.
  const questions = ['--git-common-dir', '--git-dir', '--show-toplevel'];
  const result = await here.try(['rev-parse', '--path-format=absolute', ...questions]);
  const [commonDir, gitDir, toplevel, ...rest] = result.stdout.replace(/\n$/, '').split('\n');
  if (!commonDir || !gitDir) throw noRepository(here.dir, result);
  if (rest.length > 0) throw noRepository(here.dir, { ...result, stderr: 'its path holds a line break' });
  return {
    commonDir: await realpath(commonDir),
    gitDir: await realpath(gitDir),
    toplevel: toplevel ? await realpath(toplevel) : null,
  };
}

/** What the repository's own configuration says of its main worktree, as seen from there and not from a linked one. */
async function coreConfig(here: Git, commonDir: string): Promise<{ bare: boolean; worktree: string | null }> {
  const ask = ['config', '-z', '--get-regexp', '^core\\.(bare|worktree)$'];
  const { stdout } = await here.try([`--git-dir=${commonDir}`, ...ask]);
  const values = new Map<string, string>();
  for (const entry of stdout.split('\0')) {
    const [key, value] = entry.split('\n', 2);
    if (key) values.set(key, value ?? 'true');
  }
  return {
    bare: /^(true|yes|on|1)$/i.test(values.get('core.bare') ?? 'false'),
    worktree: values.get('core.worktree') ?? null,
  };
}

/** The main worktree, as seen from elsewhere; null when there is none. */
async function mainWorktree(here: Git, commonDir: string): Promise<string | null> {
  const { bare, worktree: configured } = await coreConfig(here, commonDir);
  if (bare) return null;
  if (configured !== null) return realpath(resolve(commonDir, configured)).catch(() => resolve(commonDir, configured));
  const parent = dirname(commonDir);
  if (basename(commonDir) === '.git') return parent;
  // `git init --separate-git-dir` leaves no way from the git folder to its main worktree but this one.
  const link = await readFile(join(parent, '.git'), 'utf8').catch(() => '');
  const points = link.startsWith('gitdir: ') && resolve(parent, link.slice('gitdir: '.length).trim()) === commonDir;
  if (points && (await stat(join(commonDir, 'index')).catch(() => null))) return parent;
  throw new UserError({
    code: 'NO_MAIN_WORKTREE',
    exit: exit.usage,
    message: `The main worktree of ${commonDir} can't be found from here: its git folder lies apart from it.`,
    hint: `git --git-dir=${shellWord(commonDir)} config core.worktree /path/of/the/main/worktree`,
    details: { commonDir },
  });
}

function nameOf(root: string): string {
  const own = basename(root).replace(/\.git$/, '');
  return own === '' || own === '.bare' ? basename(dirname(root)) || 'repository' : own;
}

function noRepository(cwd: string, result: GitResult): UserError {
  const owned = /dubious ownership in repository at '(.+)'/.exec(result.stderr)?.[1];
  if (owned !== undefined) {
    return new UserError({
      code: 'UNSAFE_REPOSITORY',
      exit: exit.usage,
      message: `${owned} belongs to another user, so git refuses to work in it. If its owner can be trusted, tell git so.`,
      hint: `git config --global --add safe.directory ${shellWord(owned)}`,
      details: { directory: owned },
    });
  }
  const reason = reasonOf(result.stderr);
  const plain = /^not a git repository \(or any/.test(reason);
  return new UserError({
    code: 'NOT_A_REPOSITORY',
    exit: exit.usage,
    message: plain ? `${cwd} is not in a git repository.` : `${cwd} is in no repository that git can use: ${reason}`,
    hint: plain ? `cd into a repository, or make this one: git init ${shellWord(cwd)}` : null,
    details: { dir: cwd },
  });
}
