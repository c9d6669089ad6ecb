import { existsSync, lstatSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ignoreFolder } from '../git/exclude.ts';
import { errnoOf } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';
import type { Session } from './session.ts';

/**
 * Puts a link to the board's files where an agent looks for them that knows only their name: into its own worktree, if
 * swarm made that. git does not see it, there or anywhere.
 */
export async function linkBoard({ config, repo }: Session, row: AgentRow): Promise<void> {
  const { mirror } = config.supervisor;
  if (mirror === null || row.worktree === null || row.worktree_created === 0) return;
  const link = join(row.worktree, mirror);
  if (!existsSync(dirname(link)) || lstatSync(link, { throwIfNoEntry: false }) !== undefined) return;
  await ignoreFolder(repo, mirror);
  try {
    symlinkSync(join(repo.root, mirror), link);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}
