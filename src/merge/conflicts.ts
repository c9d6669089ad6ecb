import { type Conflict, keptConflicts } from '../agents/collisions.ts';
import { allAgents } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { isSupervised } from '../agents/supervised.ts';
import { type Ref, resolveBase } from '../git/branches.ts';
import { git } from '../git/git.ts';
import { type Scratch, withScratch } from '../git/scratch.ts';
import { commitOfWork } from '../git/work-commit.ts';
import { messageOf } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import { settleAll } from '../lib/parallel.ts';
import type { AgentRow } from '../store/schema.ts';
import { ownWorkIn } from './own-work.ts';
import { Predictor, type Side } from './predictor.ts';

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
    const looked = await settleAll(agents, LANES, (row) => sideOf(session, row, scratch));
    const sides = looked.flatMap((result, index) => {
      if (result.status === 'fulfilled') return result.value ?? [];
      // A worktree that is gone, or no repository any more: the others' work still counts.
      log('debug', `${agents[index]?.name}: ${messageOf(result.reason)}`);
      return [];
    });
    return conflictsAmong(new Predictor(git(session.repo.root), scratch.options), sides, target);
  });
}

/** The same as the supervisor keeps it, where one keeps watch: at no cost. */
export async function knownConflicts(session: Session): Promise<Conflict[]> {
  const kept = (await isSupervised(session.repo)) ? await keptConflicts(session.db, await allAgents(session.db)) : null;
  return kept ?? readConflicts(session);
}

async function sideOf(session: Session, row: AgentRow, scratch: Scratch): Promise<Side | null> {
  const worktree = row.worktree ?? '';
  const work = await commitOfWork(worktree, scratch, row.id, await ownWorkIn(session, worktree));
  return work === null ? null : { name: row.name, ...work };
}

async function conflictsAmong(predictor: Predictor, sides: readonly Side[], target: Ref): Promise<Conflict[]> {
  const found: Conflict[] = [];
  for (const [index, a] of sides.entries()) {
    found.push(...(await conflictsWithTarget(predictor, a, target)));
    for (const b of sides.slice(index + 1)) found.push(...(await conflictsBetween(predictor, a, b, target)));
  }
  return found;
}

/** Whether one's work collides with what is in the target by now. */
export async function conflictsWithTarget(predictor: Predictor, a: Side, target: Ref): Promise<Conflict[]> {
  const files = await predictor.conflict(target.oid, a.oid, target.oid);
  return files.length > 0 ? [{ a: a.name, b: null, target: target.name, kind: 'merge', files }] : [];
}

/** Where two parties' work collides. */
export async function conflictsBetween(predictor: Predictor, a: Side, b: Side, target: Ref): Promise<Conflict[]> {
  const files = await predictor.conflict(a.oid, b.oid, target.oid);
  const both = a.uncommitted.filter((path) => b.uncommitted.includes(path) && !files.includes(path));
  const names = { a: a.name, b: b.name, target: null };
  return [
    ...(files.length > 0 ? [{ ...names, kind: 'merge', files } as const] : []),
    ...(both.length > 0 ? [{ ...names, kind: 'editing', files: both } as const] : []),
  ];
}
