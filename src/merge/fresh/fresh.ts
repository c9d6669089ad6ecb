import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Conflict } from '../../agents/collisions.ts';
import { git } from '../../git/git.ts';
import type { Repository } from '../../git/repository.ts';
import { type Scratch, scratchIn } from '../../git/scratch.ts';
import { messageOf } from '../../lib/errors.ts';
import { log } from '../../lib/log.ts';
import { settleAll } from '../../lib/parallel.ts';
import { conflictsBetween, conflictsWithTarget, withWork } from '../conflicts.ts';
import type { Ground } from '../own-work.ts';
import { type Bound, Predictor } from '../predictor.ts';
import { type Looked, Sides } from './sides.ts';

/** Worktrees read, and pairs tried, in one pass; the rest follows in the next ones. Each takes up to five git processes. */
const MOST = { looks: 8, pairs: 24 } as const;
/** Worktrees read at a time: the agents' own work needs the machine more. */
const LANES = 2;
/** What may gather before the scratch is thrown away and what is still needed is made again. */
const RENEW = { commits: 300, remembered: 20_000 } as const;

interface Pair {
  /** What was tried against what. */
  readonly key: string;
  readonly found: readonly Conflict[];
  /** Those of them that come of what the two did themselves. */
  readonly theirs: readonly Conflict[];
}

type Tried = Omit<Pair, 'key'>;

const NONE: Tried = { found: [], theirs: [] };

/**
 * Keeps who collides with whom, at a cost that what has changed decides: a worktree is read again only when its facts are
 * new, and two are tried only when one of them holds something else. The agents in its conflicts are ids.
 */
export class FreshConflicts {
  readonly #repo: Repository;
  readonly #folder: string;
  #scratch: Scratch | null = null;
  #predictor: Predictor | null = null;
  readonly #sides = new Sides();
  readonly #pairs = new Map<string, Pair>();

  constructor(repo: Repository) {
    this.#repo = repo;
    this.#folder = join(repo.stateDir, 'predicted');
  }

  /** Does a bounded part of what is to do. @returns whether that was all of it. */
  async pass(ground: Ground, team: readonly Looked[]): Promise<boolean> {
    const { scratch, predictor, isNew } = await this.#place();
    const due = team.filter((one) => !this.#sides.isKnown(one));
    // What lay in the scratch before is needed at once.
    const looks = isNew ? due.length : MOST.looks;
    await settleAll(due.slice(0, looks), LANES, (one) => this.#sides.look(ground, one, scratch));
    this.#sides.keepOnly(new Set(team.map(({ id }) => id)));
    const sides = team.flatMap((one): Bound[] => {
      const side = this.#sides.of(one);
      return side === null ? [] : [{ ...side, target: one.target }];
    });
    const wanted = pairsOf(await withWork(predictor, sides));
    for (const name of this.#pairs.keys()) if (!wanted.has(name)) this.#pairs.delete(name);
    const stale = [...wanted].filter(([name, { key }]) => this.#pairs.get(name)?.key !== key);
    for (const [name, wish] of stale.slice(0, MOST.pairs)) {
      const tried = await this.#try(predictor, wish).catch((error: unknown) => {
        // A commit that is gone again, a disk that is full: as it was, until something changes.
        log('debug', messageOf(error));
        return this.#pairs.get(name) ?? NONE;
      });
      this.#pairs.set(name, { ...tried, key: wish.key });
    }
    return due.length <= looks && stale.length <= MOST.pairs;
  }

  async #try(predictor: Predictor, { a, b }: Wanted): Promise<Tried> {
    if (b === null) {
      const found = await conflictsWithTarget(predictor, a);
      return { found, theirs: found };
    }
    const found = await conflictsBetween(predictor, a, b);
    const areTheirs = found.every(({ kind }) => kind !== 'merge') || (await predictor.collideThemselves(a, b));
    return { found, theirs: areTheirs ? found : found.filter(({ kind }) => kind !== 'merge') };
  }

  /** What is known now, in the order of the team. */
  conflicts(team: readonly Looked[]): Conflict[] {
    return this.#pairsOf(team).flatMap(({ found }) => found);
  }

  /** Those of which the two are to hear: what only a target that moved has set between them is told of the one it hits. */
  toTell(team: readonly Looked[]): Conflict[] {
    return this.#pairsOf(team).flatMap(({ theirs }) => theirs);
  }

  #pairsOf(team: readonly Looked[]): Pair[] {
    const ids = team.map(({ id }) => id);
    const names = ids.flatMap((a, index) => [nameOf(a, null), ...ids.slice(index + 1).map((b) => nameOf(a, b))]);
    return names.flatMap((name) => this.#pairs.get(name) ?? []);
  }

  /** Leaves nothing behind. */
  async close(): Promise<void> {
    this.#scratch = null;
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Where objects go that are only asked about. A supervisor that was killed may have left its own. */
  async #place(): Promise<{ readonly scratch: Scratch; readonly predictor: Predictor; readonly isNew: boolean }> {
    const full = this.#sides.made > RENEW.commits || (this.#predictor?.size ?? 0) > RENEW.remembered;
    const isNew = this.#scratch === null || this.#predictor === null || full;
    if (this.#scratch === null || this.#predictor === null || full) {
      await rm(this.#folder, { recursive: true, force: true });
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      this.#scratch = scratchIn(this.#repo, this.#folder);
      this.#predictor = new Predictor(git(this.#repo.root), this.#scratch.options);
      this.#sides.renew();
    }
    return { scratch: this.#scratch, predictor: this.#predictor, isNew };
  }
}

interface Wanted {
  readonly key: string;
  readonly a: Bound;
  readonly b: Bound | null;
}

/** Everything that is to be tried. Where a target is matters for what goes there; whether two fit does not hang on it. */
function pairsOf(sides: readonly Bound[]): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const [index, a] of sides.entries()) {
    const { target } = a;
    if (target !== null) wanted.set(nameOf(a.name, null), { key: `${a.oid} ${target.name} ${target.oid}`, a, b: null });
    for (const b of sides.slice(index + 1)) {
      const both = a.uncommitted.length === 0 || b.uncommitted.length === 0 ? [] : [a.uncommitted, b.uncommitted];
      wanted.set(nameOf(a.name, b.name), { key: JSON.stringify([a.oid, b.oid, ...both]), a, b });
    }
  }
  return wanted;
}

const nameOf = (a: string, b: string | null): string => `${a} ${b ?? ''}`;
