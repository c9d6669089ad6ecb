import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/types.ts';
import { git } from '../../git/git.ts';
import type { Repository } from '../../git/repository.ts';
import { UserError } from '../../lib/errors.ts';
import { type Check, ok } from './check.ts';

/** Whether the config can be read, and what it says (null when it can't). */
export async function checkConfig(
  repo: Repository | null,
  env: NodeJS.ProcessEnv,
): Promise<{ check: Check; config: Config | null }> {
  const expected = 'no mistakes in the config files';
  try {
    const { config, files } = await loadConfig({
      repo,
      env,
      // Trust is no matter here: nothing is run.
      isTracked: async () => true,
      readTeamFile: () => (repo ? teamFile(repo) : Promise.resolve(null)),
    });
    return { check: ok('config', files.length === 0 ? 'defaults' : files.join(', '), expected), config };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const check: Check = { name: 'config', state: 'fail', found: error.message, expected, mend: error.hint };
    return { check, config: null };
  }
}

/** The team's file as the default branch of a bare repository has it. */
async function teamFile(repo: Repository): Promise<string | null> {
  const { exitCode, stdout } = await git(repo.root).try(['show', 'HEAD:swarm.yaml']);
  return exitCode === 0 ? stdout : null;
}
