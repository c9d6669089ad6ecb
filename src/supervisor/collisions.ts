import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Conflict, forgetConflicts, keepConflicts } from '../agents/collisions.ts';
import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import type { Ref } from '../git/branches.ts';
import { broughtHome } from '../merge/brought.ts';
import { FreshConflicts } from '../merge/fresh/fresh.ts';
import type { Looked } from '../merge/fresh/sides.ts';
import { targetsOf } from '../merge/targets.ts';
import type { SessionDb } from '../store/open.ts';
import type { AgentRow } from '../store/schema.ts';
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
  #toTell: readonly Conflict[] = [];
  #targets: { readonly stamp: string; readonly refs: ReadonlyMap<string, Ref> } = { stamp: '', refs: new Map() };

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
    const seen = team.flatMap(({ row }) => {
      const facts = this.#kept.git(row.id);
      return row.worktree === null || facts === null ? [] : [{ row, worktree: row.worktree, facts }];
    });
    const rows = seen.map(({ row }) => row);
    const stamp = targetStamp(session, rows, this.#targets.refs);
    const now = [stamp, ...seen.map(({ row, facts }) => row.id + facts.at)].join(' ');
    if (now !== this.#settled) {
      this.#last = performance.now();
      const targets = await this.#resolve(session, rows, stamp);
      // Read after the targets: what has moved one of them stood in the journal before.
      const brought = await broughtHome(session.db, rows);
      const looked = seen.map(({ row: { id }, ...one }): Looked => {
        return { id, ...one, target: targets.get(id) ?? null, brought: brought.get(id) ?? [] };
      });
      const isAll = await this.#fresh.pass(session, looked);
      await this.#keep(session.db, this.#fresh.conflicts(looked));
      this.#toTell = this.#fresh.toTell(looked);
      if (isAll) this.#settled = now;
    }
    await this.#told.tell(session, this.#toTell);
  }

  async settle(): Promise<void> {
    await this.#fresh.close();
  }

  async #keep(db: SessionDb, conflicts: readonly Conflict[]): Promise<void> {
    const text = JSON.stringify(conflicts);
    if (text === this.#written) return;
    await keepConflicts(db, conflicts);
    this.#written = text;
  }

  /** Where each one's work is to go; asked again only when a ref has moved, or somebody came or goes elsewhere. */
  async #resolve(session: Session, rows: readonly AgentRow[], stamp: string): Promise<ReadonlyMap<string, Ref>> {
    if (this.#targets.stamp !== stamp) {
      const refs = await targetsOf(session, rows);
      this.#targets = { stamp: targetStamp(session, rows, refs), refs };
    }
    return this.#targets.refs;
  }
}

/** Changes whenever a target may have moved, or may be another one. */
function targetStamp({ repo, config }: Session, rows: readonly AgentRow[], refs: ReadonlyMap<string, Ref>): string {
  const names = new Set([...rows.map(({ base }) => base), ...[...refs.values()].map(({ name }) => name)]);
  // Of a remote's branch the local one by its name may come to be.
  const branches = [...names].flatMap((name) =>
    name === null
      ? []
      : [name, name.replace(/^[^/]*\//, '')].map((one) => `refs/heads/${one}`).concat(`refs/remotes/${name}`),
  );
  const files = ['HEAD', 'packed-refs', 'reftable/tables.list', ...branches].map((file) => join(repo.commonDir, file));
  const marks = files.map((file) => {
    const info = statSync(file, { throwIfNoEntry: false });
    return `${info?.mtimeMs} ${info?.ino}`;
  });
  return [config.merge.into, ...rows.map(({ id, base, branch }) => `${id} ${base} ${branch}`), ...marks].join(' ');
}
