import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, exit, UserError } from '../lib/errors.ts';
import { git } from './git.ts';
import type { Repository } from './repository.ts';

/**
 * Sees to it that git ignores a folder of the repository, in all of its worktrees, without a change to the user's files.
 * @throws UserError exit 4 when git tracks something in it.
 */
export async function ignoreFolder(repo: Repository, folder: string): Promise<void> {
  const here = git(repo.root);
  const tracked = await here.run(['ls-files', '-z', '--', `:(literal)${folder}`]);
  if (tracked !== '') {
    const [first = folder] = tracked.split('\0');
    throw new UserError({
      code: 'TRACKED_FOLDER',
      exit: exit.refused,
      message: `git tracks ${first}: what changes all the time has to be in a folder of its own, that git does not look at.`,
      hint: `git rm -r --cached ${folder}`,
      details: { folder },
    });
  }
  const file = join(repo.commonDir, 'info', 'exclude');
  await mkdir(join(repo.commonDir, 'info'), { recursive: true });
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  });
  // Without a slash at its end: in other worktrees there may be a link of that name.
  const line = `/${folder.replace(/[\\*?[\]!# ]/g, '\\$&')}`;
  if (text.split('\n').includes(line)) return;
  await appendFile(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
}
