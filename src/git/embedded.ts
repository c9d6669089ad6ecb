import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git.ts';
import { linkedGitDir } from './worktrees.ts';

/** Whether an untracked path, as git's status has it, is a repository of its own. */
export const isEmbedded = (path: string): boolean => path.endsWith('/');

/**
 * Repositories in a worktree that its commits point into (submodules, also in others, and folders that were added as they
 * are), with commits or stashes that no remote has: they lie in there alone, or in git's folder for this worktree.
 */
export async function unpushedIn(worktree: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of await gitlinksIn(worktree)) {
    const inner = join(worktree, path);
    // git would answer for the repository around it.
    if (!existsSync(join(inner, '.git'))) continue;
    if (await hasUnpushed(inner)) found.push(path);
    else found.push(...(await unpushedIn(inner)).map((below) => `${path}/${below}`));
  }
  return found;
}

/** What can't be told counts. */
async function hasUnpushed(repository: string): Promise<boolean> {
  const refs = ['HEAD', '--branches', '--glob=refs/stas[h]', '--not', '--remotes'];
  const { exitCode, stdout } = await git(repository).try(['rev-list', '--max-count=1', ...refs, '--']);
  return exitCode !== 0 || stdout !== '';
}

/** The mode of such an entry, 160000, as an index has it (gitformat-index(5)). */
const GITLINK = Buffer.of(0, 0, 0xe0, 0);

/** Most repositories have none, and are not asked: their index says so, unless it is split. */
async function gitlinksIn(worktree: string): Promise<string[]> {
  const folder = linkedGitDir(worktree) ?? join(worktree, '.git');
  const [index, names] = await Promise.all([
    readFile(join(folder, 'index')).catch(() => null),
    readdir(folder).catch(() => []),
  ]);
  const split = names.some((name) => name.startsWith('sharedindex.'));
  if (!split && !index?.includes(GITLINK)) return [];
  const text = await git(worktree).run(['ls-files', '--stage', '-z']);
  const paths = text.split('\0').flatMap((entry) => /^160000 .*?\t(.*)$/s.exec(entry)?.[1] ?? []);
  // In a conflict one path has several entries.
  return [...new Set(paths)];
}
