import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Ref } from '../../git/branches.ts';
import type { GitFacts } from '../../git/facts.ts';
import { operationIn } from '../../git/operation.ts';
import type { Scratch } from '../../git/scratch.ts';
import type { Brought } from '../../git/stand-in.ts';
import { readStatus, type Status } from '../../git/status.ts';
import { commitOfWork } from '../../git/work-commit.ts';
import { linkedGitDir } from '../../git/worktrees.ts';
import { messageOf } from '../../lib/errors.ts';
import { log } from '../../lib/log.ts';
import { type Ground, ownWorkIn } from '../own-work.ts';
import type { Side } from '../predictor.ts';

/** A worktree, and what is known of it. */
export interface Looked {
  readonly id: string;
  readonly worktree: string;
  readonly facts: GitFacts;
  /** Where its work is to go; null where there is no such branch (yet). */
  readonly target: Ref | null;
  /** What its earlier merges brought home. */
  readonly brought: readonly Brought[];
}

/** Uncommitted work beyond this is named and not tried: to read it over and over would cost too much. */
const MOST = { files: 2000, bytes: 64_000_000 } as const;

type Work = Omit<Side, 'brought'>;

interface Found {
  /** Uncommitted files by path, time and size; null when all is committed. */
  readonly mark: string | null;
  readonly side: Work | null;
}

interface Known extends Found {
  /** Of which facts it is. */
  readonly at: string;
}

const NOTHING: Found = { mark: null, side: null };

const committed = (name: string, oid: string): Work => ({ name, oid, uncommitted: [] });

/** What each worktree holds, as a commit to be asked about: read again only where something was seen to happen. */
export class Sides {
  readonly #known = new Map<string, Known>();
  /** Commits that lie in the scratch alone. */
  #made = 0;

  /** How many commits were made since the last renewal. */
  get made(): number {
    return this.#made;
  }

  /** Whether this was looked at as it is. */
  isKnown({ id, facts }: Looked): boolean {
    return this.#known.get(id)?.at === facts.at;
  }

  of({ id, brought }: Looked): Side | null {
    const work = this.#known.get(id)?.side ?? null;
    return work && { ...work, brought };
  }

  /**
   * Looks at one. What can't be read stays as it was known, until something happens there again; of what was never read
   * the commits count.
   */
  async look(ground: Ground, one: Looked, scratch: Scratch): Promise<void> {
    const before: Found = this.#known.get(one.id) ?? NOTHING;
    const found = await this.#find(ground, one, before, scratch).catch((error: unknown) => {
      log('debug', messageOf(error));
      const { head } = one.facts;
      return before.side !== null || head === null ? before : { mark: null, side: committed(one.id, head) };
    });
    this.#known.set(one.id, { ...found, at: one.facts.at });
  }

  async #find(ground: Ground, { id, worktree, facts }: Looked, before: Found, scratch: Scratch): Promise<Found> {
    const { head, dirty } = facts;
    if (head === null) return NOTHING;
    // In the middle of a rebase or merge its work is what it was before.
    if ((await operationIn(linkedGitDir(worktree) ?? join(worktree, '.git'))) !== null) return before;
    if (dirty === 0) return { mark: null, side: committed(id, head) };
    const status = await readStatus(worktree);
    const { mark, small } = markOf(worktree, status);
    if (before.mark === mark) return before;
    const own = await ownWorkIn(ground, worktree, status);
    const work = small
      ? await commitOfWork(worktree, scratch, id, own)
      : { oid: status.head ?? head, uncommitted: own.files };
    if (small) this.#made++;
    return { mark, side: work && { name: id, ...work } };
  }

  /** Forgets all others. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
  }

  /** The scratch is another one: what lay in it is made again. */
  renew(): void {
    for (const [id, known] of this.#known) {
      if (known.mark !== null) this.#known.set(id, { ...known, at: '', mark: '' });
    }
    this.#made = 0;
  }
}

/** Tells one state of the uncommitted files from another, and whether they are few and small enough to be tried. */
function markOf(worktree: string, status: Status): { readonly mark: string; readonly small: boolean } {
  const paths = [...status.changed.map(({ path }) => path), ...status.untracked];
  let bytes = 0;
  const marks = paths.slice(0, MOST.files).map((path) => {
    const info = lstatSync(join(worktree, path), { throwIfNoEntry: false });
    bytes += info?.isFile() ? info.size : 0;
    return `${path} ${info?.mtimeMs} ${info?.ctimeMs} ${info?.size}`;
  });
  const mark = [status.head, paths.length, ...marks].join('\0');
  return { mark, small: paths.length <= MOST.files && bytes <= MOST.bytes };
}
