import { loadConfig } from '../config/load.ts';
import type { LoadedConfig } from '../config/types.ts';
import { defaultBranch } from '../git/branches.ts';
import { git } from '../git/git.ts';
import type { Repository } from '../git/repository.ts';
import { exit, UserError } from '../lib/errors.ts';

/** The config as it holds in a repository: git says which of its files are tracked, and what a bare one's team wrote. */
export function loadRepositoryConfig(repo: Repository, env: NodeJS.ProcessEnv): Promise<LoadedConfig> {
  return loadConfig({
    repo,
    env,
    isTracked: (path) => isTracked(repo, path),
    readTeamFile: () => readTeamFile(repo),
  });
}

/** Whether git tracks a path. Throws when git can't say: a file that may be tracked is never taken for the user's own. */
async function isTracked(repo: Repository, path: string): Promise<boolean> {
  return (await git(repo.root).run(['ls-files', '-z', '--', `:(top,literal)${path}`])) !== '';
}

/** `swarm.yaml` at the tip of the default branch: all that a bare repository has of it. Null when there is none. */
async function readTeamFile(repo: Repository): Promise<string | null> {
  const branch = await defaultBranch(repo);
  if (branch === null) return null;
  const here = git(repo.root);
  const tree = await here.run(['ls-tree', '-z', branch, '--', 'swarm.yaml']);
  const [, mode, oid] = /^(\d+) blob ([0-9a-f]+)\t/.exec(tree) ?? [];
  if (oid === undefined) return null;
  if (mode?.startsWith('100')) return here.run(['cat-file', 'blob', oid]);
  throw new UserError({
    code: 'BAD_CONFIG',
    exit: exit.usage,
    message: `swarm.yaml on ${branch} is a link; config is read from a file of the repository only.`,
    hint: null,
  });
}
