import { readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '../../lib/errors.ts';
import { sweepTrash } from '../../workspace/removal.ts';
import type { Session } from '../session.ts';
import { removedFolder } from './remove.ts';

/** Days for which what was removed can be restored. */
const KEPT = 7;
/** Milliseconds of a day. */
const DAY = 86_400_000;

/** Forgets what lies aside for more than 7 days: worktrees and commits, prompts and settings. Can be run again. */
export async function sweepRemoved(session: Session): Promise<void> {
  const limit = new Date(Date.now() - KEPT * DAY).toISOString();
  // First what people see: whatever happens then, nothing is offered that can't be restored.
  await session.db.deleteFrom('removed').where('removed_at', '<=', limit).execute();
  for (const { id } of await sweepTrash(session.repo, KEPT)) {
    await session.db.deleteFrom('removed').where('id', '=', id).execute();
  }
  for (const id of await forgottenFolders(session)) {
    rmSync(removedFolder(session, id), { recursive: true, force: true });
  }
}

/** Folders of removals that can't be restored any more. Looked at in this order, a removal that runs is never among them. */
async function forgottenFolders(session: Session): Promise<string[]> {
  const folders = names(dirname(removedFolder(session, 'x')));
  const { db } = session;
  const running = await db.selectFrom('operations').select('id').where('finished_at', 'is', null).execute();
  const restorable = await db.selectFrom('removed').select('id').execute();
  const known = new Set([...running, ...restorable].map(({ id }) => id));
  return folders.filter((id) => !known.has(id));
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
