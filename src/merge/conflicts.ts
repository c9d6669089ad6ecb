import { existsSync } from 'node:fs';
import { type Conflict, keptConflicts } from '../agents/collisions.ts';
import type { TargetError } from '../agents/pick.ts';
import { allAgents } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { isSupervised } from '../agents/supervised.ts';
import { git } from '../git/git.ts';
import { type Scratch, withScratch } from '../git/scratch.ts';
import { commitOfWork } from '../git/work-commit.ts';
import { exit, messageOf, UserError } from '../lib/errors.ts';
import { settleAll } from '../lib/parallel.ts';
import { shellWord } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';
import { broughtHome } from './brought.ts';
import { ownWorkIn } from './own-work.ts';
import { type Bound, Predictor } from './predictor.ts';
import { targetsOf } from './targets.ts';

/** Worktrees looked at at a time: git calls are bound by the CPU. */
const LANES = 4;

/** Who collides with whom, as far as that can be told. */
export interface ConflictsSeen {
  readonly conflicts: readonly Conflict[];
  /** Agents whose work could not be read: whom that collides with is not known. */
  readonly errors: readonly TargetError[];
}

/**
 * Every two live agents' work against each other, and each against the branch that it is to go to, uncommitted work
 * included. No checkout, index or lock of anybody's is touched. An agent whose worktree is gone is left out, and one that
 * has nothing which that branch lacks.
 */
export async function readConflicts(session: Session): Promise<ConflictsSeen> {
  const agents = (await allAgents(session.db)).filter(({ worktree }) => worktree !== null && existsSync(worktree));
  return withScratch(session.repo, async (scratch) => {
    const targets = await targetsOf(session, agents);
    // Read after the targets: what has moved one of them stood in the journal before.
    const brought = await broughtHome(session.db, agents);
    const looked = await settleAll(agents, LANES, (row) =>
      sideOf(session, row, { target: targets.get(row.id) ?? null, brought: brought.get(row.id) ?? [] }, scratch),
    );
    const sides = looked.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
    const errors = looked.flatMap((result, index) => {
      const row = agents[index];
      return result.status === 'fulfilled' || row === undefined ? [] : notRead(row, result.reason);
    });
    const predictor = new Predictor(git(session.repo.root), scratch.options);
    return { conflicts: await conflictsAmong(predictor, await withWork(predictor, sides)), errors };
  });
}

function notRead({ name, worktree }: AgentRow, reason: unknown): TargetError {
  const error = new UserError({
    code: 'NOT_READ',
    exit: exit.failed,
    message: `${name}'s work could not be read: ${messageOf(reason)}`,
    hint: `git -C ${shellWord(worktree ?? '')} status`,
    details: { agent: name },
  });
  return { agent: name, error };
}

/** The same as the supervisor keeps it, where one keeps watch: at no cost. */
export async function knownConflicts(session: Session): Promise<ConflictsSeen> {
  const kept = (await isSupervised(session.repo)) ? await keptConflicts(session.db, await allAgents(session.db)) : null;
  return kept === null ? readConflicts(session) : { conflicts: kept, errors: [] };
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

/** Those that have something to bring home: who has done nothing yet collides with nobody. */
export async function withWork(predictor: Predictor, sides: readonly Bound[]): Promise<Bound[]> {
  const have = await settleAll(sides, LANES, (side) => predictor.hasWork(side));
  return sides.filter((_, index) => {
    const result = have[index];
    return result?.status !== 'fulfilled' || result.value;
  });
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
