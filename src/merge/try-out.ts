import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { withTurn } from '../agents/life/turn.ts';
import { recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { readEvents } from '../board/log.ts';
import type { Ref } from '../git/branches.ts';
import { makeCommit, withScratchWorktree } from '../git/merge-commit.ts';
import { beginOperation, type Operation } from '../store/journal.ts';
import type { AgentRow } from '../store/schema.ts';
import type { ApprovedCommands } from '../workspace/approved.ts';
import { worktreesDir } from '../workspace/place.ts';
import { predictHome } from './brought.ts';
import { runGate } from './gate.ts';

/** What the gate last said of an agent's work as it is committed now, on top of the target as it was then. */
export interface GateResult {
  readonly state: 'passed' | 'failed';
  readonly log: string | null;
  readonly at: string;
}

interface Door {
  readonly approved: ApprovedCommands;
  readonly tell: (line: string) => void;
}

/** Runs the gate on what the target would become with an agent's work, and keeps the result. Nothing is merged. */
export function tryOut(session: Session, agent: AgentRow, target: Ref, tip: string, door: Door): Promise<void> {
  return withTurn(session, agent, { ends: false }, async (row) => {
    const dir = await worktreesDir(session.repo, session.config.worktrees.dir);
    const scratch = join(dir, `.merge-${randomUUID().slice(0, 8)}`);
    // Journalled as a merge that never moves anything: a repair takes the scratch worktree away.
    const data = { agent: row.name, into: target.name, scratch, tip };
    const operation = await beginOperation(session.db, 'merge', row.id, data);
    try {
      await operation.step('gate', () => gateIn(session, row, target, tip, scratch, door, operation));
      await operation.finish('undone');
    } catch (error) {
      await operation.finish('failed');
      throw error;
    }
  });
}

async function gateIn(
  session: Session,
  row: AgentRow,
  target: Ref,
  tip: string,
  scratch: string,
  { approved, tell }: Door,
  { id: operation }: Operation,
): Promise<void> {
  const { predicted } = await predictHome(session, row, target.oid, tip);
  if (predicted.state !== 'clean') return;
  const words = { tree: predicted.tree, parents: [target.oid], message: `${row.name} on ${target.name}\n` };
  const commit = await makeCommit(session.repo, words);
  const into = target.name;
  const anyway = `swarm compare ${row.name} --gate --yes`;
  const result = await withScratchWorktree(session.repo, scratch, commit, operation, ({ dir: worktree }) =>
    runGate({ session, row, approved, worktree, into, commit, operation, anyway, tell }),
  );
  if (result !== null) await recordEvent(session.db, row.name, 'gate', { into, onto: target.oid, tip, ...result });
}

/** What the gate said last, in a merge or a comparison, of just this commit on its way to that branch; null: nothing. */
export async function lastGateResult(
  session: Session,
  row: AgentRow,
  target: Ref,
  tip: string,
): Promise<GateResult | null> {
  const events = await readEvents(session.db, { names: [row.name], types: ['gate', 'merge'], since: row.created_at });
  const last = events.findLast(
    ({ data }) => data['tip'] === tip && data['into'] === target.name && typeof data['log'] === 'string',
  );
  if (last === undefined) return null;
  const { passed, state, log } = last.data;
  const failed = last.type === 'gate' ? passed !== true : state === 'gate_failed';
  return { state: failed ? 'failed' : 'passed', log: String(log), at: last.at };
}
