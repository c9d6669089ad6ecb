import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { git } from '../git/git.ts';
import type { Repository } from '../git/repository.ts';
import { realOf } from '../git/worktrees.ts';
import { exit, UserError } from '../lib/errors.ts';
import { renderTemplate } from '../lib/template.ts';
import { shellWord } from '../lib/text.ts';

/**
 * The folder that holds a repository's worktrees, from the `worktrees.dir` template: relative to the repository's root,
 * `~` and absolute paths allowed. One outside the repository that does not name it gets a level that does, and one that
 * already holds another repository's worktrees a level of its own: two repositories never share a folder.
 */
export async function worktreesDir(repo: Repository, template: string): Promise<string> {
  const expanded = renderTemplate(template, { repo: repo.name }, 'worktrees.dir').replace(/^~(?=\/|$)/, homedir());
  let dir = await realOf(resolve(repo.root, expanded));
  if (isInside(repo.commonDir, dir)) throw insideGit(dir);
  const named = /\{\{\s*repo\s*\}\}/.test(template) || isInside(repo.root, dir);
  if (!named) dir = join(dir, repo.name);
  if (!(await holdsAnother(repo, dir))) return dir;
  const id = createHash('sha256').update(repo.commonDir).digest('hex').slice(0, 6);
  return join(dirname(dir), `${basename(dir)}-${id}`);
}

/** Whether `path` is `folder` or lies below it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Whether a worktree in this folder belongs to another repository. */
async function holdsAnother(repo: Repository, dir: string): Promise<boolean> {
  for (const name of await readdir(dir).catch(() => [])) {
    const link = await readFile(join(dir, name, '.git'), 'utf8').catch(() => '');
    if (!link.startsWith('gitdir: ')) continue;
    const admin = await realOf(resolve(dir, name, link.slice('gitdir: '.length).trim()));
    return dirname(dirname(admin)) !== repo.commonDir;
  }
  return false;
}

/** @throws UserError PATH_EXISTS (4) when something is there, PATH_REGISTERED (4) when git still counts on a vanished worktree there. */
export async function requireFreePath(
  path: string,
  { agentName, ticket }: { readonly agentName: string; readonly ticket: string | null },
  registered: readonly string[],
): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found) {
    throw new UserError({
      code: 'PATH_EXISTS',
      exit: exit.refused,
      message: `The worktree of ${agentName} would be ${path}, but there is a ${found.isDirectory() ? 'folder' : 'file'} already.`,
      hint: `swarm spawn ${shellWord(ticket ?? 'TICKET')} --name ${agentName}-2`,
      details: { path },
    });
  }
  if (registered.includes(path)) {
    throw new UserError({
      code: 'PATH_REGISTERED',
      exit: exit.refused,
      message: `git still has a worktree at ${path}, though the folder is gone.`,
      hint: `git worktree remove ${shellWord(path)}`,
      details: { path },
    });
  }
}

/** What a person should know of a folder for worktrees inside the repository; null when there is nothing to say. */
export async function unignoredNote(repo: Repository, dir: string): Promise<string | null> {
  if (repo.bare || !isInside(repo.root, dir)) return null;
  const way = relative(repo.root, dir);
  const { exitCode } = await git(repo.root).try(['check-ignore', '--quiet', '--no-index', '--', `${way}/`]);
  return exitCode === 1
    ? `${way}/ is not ignored: git takes its worktrees for untracked files. Add '/${way}/' to .gitignore.`
    : null;
}

function insideGit(dir: string): UserError {
  return new UserError({
    code: 'BAD_WORKTREES_DIR',
    exit: exit.usage,
    message: `worktrees.dir leads to ${dir}, which is inside git's own folder.`,
    hint: "worktrees: { dir: '../{{repo}}.worktrees' }",
    details: { dir },
  });
}
