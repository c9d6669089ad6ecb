import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitOptions } from './git.ts';
import type { Repository } from './repository.ts';

/** A place for objects that are only asked about. */
export interface Scratch {
  readonly folder: string;
  /** Environment in which new objects go there, and both it and the repository are read. */
  readonly options: GitOptions & { readonly env: Readonly<Record<string, string>> };
}

/** Runs `work` with a temporary object directory: asking leaves nothing in the repository. */
export async function withScratch<T>(repo: Repository, work: (scratch: Scratch) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'swarm-objects-'));
  try {
    return await work(scratchIn(repo, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same in a folder that whoever asks makes and removes. */
export function scratchIn(repo: Repository, folder: string): Scratch {
  const [name, email, date] = ['swarm', 'swarm@localhost', '1700000000 +0000'];
  const env = {
    GIT_OBJECT_DIRECTORY: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteAlternate(join(repo.commonDir, 'objects')),
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    // The same content has the same id, whenever it is asked about.
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
  };
  return { folder, options: { env } };
}

/** The variable is a list that colons part, unless an entry is quoted (git(1)). */
function quoteAlternate(path: string): string {
  return /[:"\\\n]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"` : path;
}
