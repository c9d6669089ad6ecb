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

const [NAME, EMAIL, DATE] = ['swarm', 'swarm@localhost', '1700000000 +0000'];

/** Environment for commits that are only asked about: the same content has the same id, whoever asks, and whenever. */
export const FIXED_IDENTITY = {
  GIT_AUTHOR_NAME: NAME,
  GIT_AUTHOR_EMAIL: EMAIL,
  GIT_COMMITTER_NAME: NAME,
  GIT_COMMITTER_EMAIL: EMAIL,
  GIT_AUTHOR_DATE: DATE,
  GIT_COMMITTER_DATE: DATE,
} as const;

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
  const env = {
    GIT_OBJECT_DIRECTORY: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteAlternate(join(repo.commonDir, 'objects')),
    ...FIXED_IDENTITY,
  };
  return { folder, options: { env } };
}

/** The variable is a list that colons part, unless an entry is quoted (git(1)). */
function quoteAlternate(path: string): string {
  return /[:"\\\n]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"` : path;
}
