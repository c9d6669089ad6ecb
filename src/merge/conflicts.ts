import { allAgents } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { type Ref, resolveBase } from '../git/branches.ts';
import { git } from '../git/git.ts';
import { withScratch } from '../git/scratch.ts';
import { commitOfWork } from '../git/work-commit.ts';
import { messageOf } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import { settleAll } from '../lib/parallel.ts';
import type { AgentRow } from '../store/schema.ts';
import { Predictor, type Side } from './predictor.ts';

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

/** Worktrees looked at at a time: git calls are bound by the CPU. */
const LANES = 4;

/**
 * Every two live agents' work against each other, and each against the branch that it is to go to, uncommitted work
 * included. No checkout, index or lock of anybody's is touched.
 */
export async function readConflicts(session: Session): Promise<Conflict[]> {
  const agents = (await allAgents(session.db)).filter(({ worktree }) => worktree !== null);
  return withScratch(session.repo, async (scratch) => {
    const target = await resolveBase(session.repo, session.config.merge.into);
    const looked = await settleAll(agents, LANES, (row) => sideOf(row, scratch));
    const sides = looked.flatMap((result, index) => {
      if (result.status === 'fulfilled') return result.value ?? [];
      // A worktree that is gone, or no repository any more: the others' work still counts.
      log('debug', `${agents[index]?.name}: ${messageOf(result.reason)}`);
      return [];
    });
    return conflictsAmong(new Predictor(git(session.repo.root), scratch.options), sides, target);
  });
}

async function sideOf(row: AgentRow, scratch: Parameters<typeof commitOfWork>[1]): Promise<Side | null> {
  const work = await commitOfWork(row.worktree ?? '', scratch, row.id);
  return work === null ? null : { name: row.name, ...work };
}

async function conflictsAmong(predictor: Predictor, sides: readonly Side[], target: Ref): Promise<Conflict[]> {
  const found: Conflict[] = [];
  for (const [index, a] of sides.entries()) {
    const files = await predictor.conflict(target.oid, a.oid, target.oid);
    if (files.length > 0) found.push({ a: a.name, b: null, target: target.name, kind: 'merge', files });
    for (const b of sides.slice(index + 1)) {
      const between = await predictor.conflict(a.oid, b.oid, target.oid);
      if (between.length > 0) found.push({ a: a.name, b: b.name, target: null, kind: 'merge', files: between });
      const both = a.uncommitted.filter((path) => b.uncommitted.includes(path) && !between.includes(path));
      if (both.length > 0) found.push({ a: a.name, b: b.name, target: null, kind: 'editing', files: both });
    }
  }
  return found;
}
