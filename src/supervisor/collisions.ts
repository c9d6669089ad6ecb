import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Conflict, forgetConflicts, keepConflicts } from '../agents/collisions.ts';
import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { type Ref, resolveBase } from '../git/branches.ts';
import { FreshConflicts } from '../merge/fresh/fresh.ts';
import type { Looked } from '../merge/fresh/sides.ts';
import type { SessionDb } from '../store/open.ts';
import type { Job } from './jobs.ts';
import type { Kept } from './kept.ts';
import type { Notifier } from './notify.ts';
import { ToldCollisions } from './told-collisions.ts';

/** Milliseconds between two passes while there is something to do. */
const PACE = 1000;

/** Keeps who collides with whom, and says so once. While nothing changes no process is started. */
export class Collisions implements Job {
  readonly name = 'collisions';
  readonly #kept: Kept;
  readonly #fresh: FreshConflicts;
  readonly #told: ToldCollisions;
  #last = Number.NEGATIVE_INFINITY;
  /** Of what everything is known. */
  #settled = '';
  #written = '';
  #conflicts: readonly Conflict[] = [];
  #target: { readonly stamp: string; readonly ref: Ref | null } | null = null;

  private constructor(kept: Kept, fresh: FreshConflicts, told: ToldCollisions) {
    this.#kept = kept;
    this.#fresh = fresh;
    this.#told = told;
  }

  static async open(
    { db, repo }: Session,
    kept: Kept,
    notifier: Notifier,
    tell: (line: string) => void,
  ): Promise<Collisions> {
    await forgetConflicts(db);
    return new Collisions(kept, new FreshConflicts(repo), await ToldCollisions.open(db, notifier, tell));
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    if (performance.now() - this.#last < PACE) return;
    const looked = team.flatMap(({ row }): Looked[] => {
      const facts = this.#kept.git(row.id);
      return row.worktree === null || facts === null ? [] : [{ id: row.id, worktree: row.worktree, facts }];
    });
    const stamp = [targetStamp(session, this.#target?.ref ?? null), ...looked.map(({ id, facts }) => id + facts.at)];
    const now = stamp.join(' ');
    if (now !== this.#settled) {
      this.#last = performance.now();
      const target = await this.#resolve(session);
      const isAll = target === null || (await this.#fresh.pass(session, looked, target));
      await this.#keep(session.db, this.#fresh.conflicts(looked));
      if (isAll) this.#settled = now;
    }
    await this.#told.tell(session, this.#conflicts);
  }

  async settle(): Promise<void> {
    await this.#fresh.close();
  }

  async #keep(db: SessionDb, conflicts: readonly Conflict[]): Promise<void> {
    this.#conflicts = conflicts;
    const text = JSON.stringify(conflicts);
    if (text === this.#written) return;
    await keepConflicts(db, conflicts);
    this.#written = text;
  }

  /** Where everything is to go; asked again only when a ref has moved. Null: there is no such branch (yet). */
  async #resolve(session: Session): Promise<Ref | null> {
    const stamp = targetStamp(session, this.#target?.ref ?? null);
    if (this.#target?.stamp === stamp) return this.#target.ref;
    const ref = await resolveBase(session.repo, session.config.merge.into).catch(() => null);
    this.#target = { stamp: targetStamp(session, ref), ref };
    return ref;
  }
}

/** Changes whenever the target may have moved, or may be another one. */
function targetStamp({ repo, config }: Session, ref: Ref | null): string {
  const refs = ref === null ? [] : [`refs/heads/${ref.name}`, `refs/remotes/${ref.name}`];
  const files = ['HEAD', 'packed-refs', 'reftable/tables.list', ...refs].map((file) => join(repo.commonDir, file));
  const marks = files.map((file) => {
    const info = statSync(file, { throwIfNoEntry: false });
    return `${info?.mtimeMs} ${info?.ino}`;
  });
  return [config.merge.into, ...marks].join(' ');
}
