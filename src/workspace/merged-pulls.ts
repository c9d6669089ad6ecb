import { remoteUrls } from '../git/pulls.ts';
import type { Repository } from '../git/repository.ts';
import { messageOf } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import { runGh } from './gh.ts';

/**
 * The last commits of the pull requests from this branch that were merged, as gh knows them. None where there is no gh, no
 * login or no remote: then only what is here counts.
 */
export async function mergedHeads(repo: Repository, branch: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  if (branch === '' || (await remoteUrls(repo)).length === 0) return [];
  try {
    const args = ['pr', 'list', '--head', branch, '--state', 'merged', '--json', 'headRefOid', '--limit', '30'];
    const { exitCode, stdout, stderr } = await runGh(repo, args, { env });
    if (exitCode !== 0) log('debug', `pull requests of ${branch}: ${stderr.trim()}`);
    const pulls: unknown = exitCode === 0 ? JSON.parse(stdout) : [];
    return Array.isArray(pulls) ? pulls.map((pull: { headRefOid?: unknown }) => String(pull.headRefOid)) : [];
  } catch (error) {
    log('debug', `pull requests of ${branch}: ${messageOf(error)}`);
    return [];
  }
}
