import { lstatSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { ignoreFolder } from '../../git/exclude.ts';
import type { Repository } from '../../git/repository.ts';
import { exit, UserError } from '../../lib/errors.ts';

/** Where the mirror is unless somebody says otherwise. */
export const MIRROR = '.coordination';

/**
 * The mirror's folder, which git ignores from now on: inside of the main worktree, with no link on the way.
 * @throws UserError exit 2 or 4 for a folder that can't be one.
 */
export async function mirrorPlace(repo: Repository, folder: string): Promise<string> {
  if (repo.bare) throw refusedPlace(folder, 'the repository has no main worktree', exit.usage);
  const path = resolve(repo.root, folder);
  const inside = relative(repo.root, path);
  const parts = inside.split(sep);
  if (inside === '' || parts[0] === '..' || parts.includes('.git')) {
    throw refusedPlace(folder, `it is not a folder of its own inside of ${repo.root}`, exit.usage);
  }
  for (let index = 1; index <= parts.length; index++) {
    const found = lstatSync(join(repo.root, ...parts.slice(0, index)), { throwIfNoEntry: false });
    if (found === undefined && index < parts.length)
      throw refusedPlace(folder, 'the folder around it is missing', exit.usage);
    if (found?.isDirectory() === false)
      throw refusedPlace(folder, 'there is a link or a file on the way', exit.refused);
  }
  await ignoreFolder(repo, parts.join('/'));
  return path;
}

function refusedPlace(folder: string, why: string, code: typeof exit.usage | typeof exit.refused): UserError {
  return new UserError({
    code: 'BAD_MIRROR',
    exit: code,
    message: `The board can't be mirrored to '${folder}': ${why}.`,
    hint: `swarm task export --live ${MIRROR}`,
    details: { folder },
  });
}
