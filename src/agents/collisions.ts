import type { SessionDb } from '../store/open.ts';
import type { AgentRow } from '../store/schema.ts';

/** Work that can't be brought together as it is. */
export interface Conflict {
  /** An agent. */
  readonly a: string;
  /** Another agent; null: the target. */
  readonly b: string | null;
  /** The branch that the work is to go to; null between two agents. */
  readonly target: string | null;
  /** `merge`: git can't merge the two. `editing`: it still can, but both have the same file changed and not committed. */
  readonly kind: 'merge' | 'editing';
  readonly files: readonly string[];
}

/** Key in `meta` of what the supervisor saw last. */
const KEY = 'conflicts';
/** Files of one collision that are kept; `swarm conflicts` has them all. */
const FILES = 50;

/** Keeps who collides with whom, for everybody. Agents are named by their ids: names change. */
export async function keepConflicts(db: SessionDb, conflicts: readonly Conflict[]): Promise<void> {
  const value = JSON.stringify(conflicts.map((one) => ({ ...one, files: one.files.slice(0, FILES) })));
  await db
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/** What the supervisor saw last, with the agents' names as they are now: worth something only while it keeps watch. */
export async function keptConflicts(
  db: SessionDb,
  rows: readonly Pick<AgentRow, 'id' | 'name'>[],
): Promise<Conflict[] | null> {
  const kept = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
  if (kept === undefined) return null;
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (JSON.parse(kept.value) as Conflict[]).flatMap((one) => {
    const a = names.get(one.a);
    const b = one.b === null ? null : names.get(one.b);
    return a === undefined || b === undefined ? [] : [{ ...one, a, b }];
  });
}

/** Before the first look nothing is known: what an earlier supervisor saw is old. */
export async function forgetConflicts(db: SessionDb): Promise<void> {
  await db.deleteFrom('meta').where('key', '=', KEY).execute();
}

/** A collision in a few words, without its files. */
export function conflictWords({ a, b, target, kind }: Conflict): string {
  const pair = `${a} and ${b ?? target}`;
  return kind === 'merge' ? `${pair} can't be merged as they are` : `${pair} both edit the same files`;
}

/** The first files of a collision, and how many more there are. */
export function conflictFiles({ files }: Pick<Conflict, 'files'>, most: number): string {
  const more = files.length - most;
  return files.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
