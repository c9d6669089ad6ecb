import { type Conflict, keptConflicts } from '../agents/collisions.ts';
import { allAgents } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { isSupervised } from '../agents/supervised.ts';
import { git } from '../git/git.ts';
import { type Scratch, withScratch } from '../git/scratch.ts';
import { commitOfWork } from '../git/work-commit.ts';
import { messageOf } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import { settleAll } from '../lib/parallel.ts';
import type { AgentRow } from '../store/schema.ts';
import { broughtHome } from './brought.ts';
import { ownWorkIn } from './own-work.ts';
import { type Bound, Predictor } from './predictor.ts';
import { targetsOf } from './targets.ts';

/** Worktrees looked at at a time: git calls are bound by the CPU. */
const LANES = 4;

/**
 * Every two live agents' work against each other, and each against the branch that it is to go to, uncommitted work
 * included. No checkout, index or lock of anybody's is touched.
 */
export async function readConflicts(session: Session): Promise<Conflict[]> {
  const agents = (await allAgents(session.db)).filter(({ worktree }) => worktree !== null);
  return withScratch(session.repo, async (scratch) => {
    const targets = await targetsOf(session, agents);
    // Read after the targets: what has moved one of them stood in the journal before.
    const brought = await broughtHome(session.db, agents);
    const looked = await settleAll(agents, LANES, (row) =>
      sideOf(session, row, { target: targets.get(row.id) ?? null, brought: brought.get(row.id) ?? [] }, scratch),
    );
    const sides = looked.flatMap((result, index) => {
      if (result.status === 'fulfilled') return result.value ?? [];
      // A worktree that is gone, or no repository any more: the others' work still counts.
      log('debug', `${agents[index]?.name}: ${messageOf(result.reason)}`);
      return [];
    });
    return conflictsAmong(new Predictor(git(session.repo.root), scratch.options), sides);
  });
}

/** The same as the supervisor keeps it, where one keeps watch: at no cost. */
export async function knownConflicts(session: Session): Promise<Conflict[]> {
  const kept = (await isSupervised(session.repo)) ? await keptConflicts(session.db, await allAgents(session.db)) : null;
  return kept ?? readConflicts(session);
}

async function sideOf(
  session: Session,
  row: AgentRow,
  home: Pick<Bound, 'target' | 'brought'>,
  scratch: Scratch,
): Promise<Bound | null> {
  const worktree = row.worktree ?? '';
  const work = await commitOfWork(worktree, scratch, row.id, await ownWorkIn(session, worktree));
  return work === null ? null : { name: row.name, ...home, ...work };
}

async function conflictsAmong(predictor: Predictor, sides: readonly Bound[]): Promise<Conflict[]> {
  const found: Conflict[] = [];
  for (const [index, a] of sides.entries()) {
    found.push(...(await conflictsWithTarget(predictor, a)));
    for (const b of sides.slice(index + 1)) found.push(...(await conflictsBetween(predictor, a, b)));
  }
  return found;
}

/** Whether one's work collides with what is by now in the branch that it is to go to. */
export async function conflictsWithTarget(predictor: Predictor, a: Bound): Promise<Conflict[]> {
  const { name, target } = a;
  if (target === null) return [];
  const files = await predictor.conflict({ oid: target.oid, brought: [] }, a, target.oid);
  return files.length > 0 ? [{ a: name, b: null, target: target.name, kind: 'merge', files }] : [];
}

/** Where two parties' work collides, wherever each is to go. */
export async function conflictsBetween(predictor: Predictor, a: Bound, b: Bound): Promise<Conflict[]> {
  const files = await predictor.conflict(a, b, (a.target ?? b.target)?.oid ?? null);
  const both = a.uncommitted.filter((path) => b.uncommitted.includes(path) && !files.includes(path));
  const names = { a: a.name, b: b.name, target: null };
  return [
    ...(files.length > 0 ? [{ ...names, kind: 'merge', files } as const] : []),
    ...(both.length > 0 ? [{ ...names, kind: 'editing', files: both } as const] : []),
  ];
}
