import { exit, UserError } from '../../lib/errors.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { AskConsent } from '../consent.ts';
import { observe } from '../observe.ts';
import { asError } from '../pick.ts';
import { allAgents } from '../records.ts';
import type { Session } from '../session.ts';
import { agentLosses, refuseLosses } from './losses.ts';
import { approveRemoval } from './removal-hooks.ts';
import { keepsWorktree, type Removal, type RemoveOptions, removeAgent } from './remove.ts';
import { sweepRemoved } from './sweep.ts';

export interface RemovalsDoor {
  readonly yes: boolean;
  readonly hooks: boolean;
  readonly ask: AskConsent;
  readonly tell: (line: string) => void;
}

export interface Removals {
  readonly dryRun: boolean;
  readonly removed: readonly Removal[];
  readonly errors: readonly { readonly agent: string; readonly error: Error }[];
}

/** Removes agents one after the other; one refusal doesn't stop the others. */
export async function removeAgents(
  session: Session,
  rows: readonly AgentRow[],
  options: RemoveOptions & { readonly dryRun: boolean },
  door: RemovalsDoor,
): Promise<Removals> {
  const { yes, ask, tell } = door;
  const approved = options.dryRun ? null : await approveRemoval(session, door.hooks, { yes, ask });
  const removed: Removal[] = [];
  const errors: { agent: string; error: Error }[] = [];
  for (const row of rows) {
    try {
      if (approved === null) removed.push(await previewRemoval(session, row, options));
      else removed.push(await removeAgent(session, row, options, { approved, tell }));
    } catch (error) {
      errors.push({ agent: row.name, error: asError(error) });
    }
  }
  if (!options.dryRun) await sweepRemoved(session);
  return { dryRun: options.dryRun, removed, errors };
}

async function previewRemoval(session: Session, row: AgentRow, options: RemoveOptions): Promise<Removal> {
  const keeps = keepsWorktree(row, options);
  if (!keeps) refuseLosses(row, await agentLosses(session, row), options);
  const deletes = !keeps && (row.branch_created === 1 || options.deleteBranch);
  return { agent: row.name, id: '', branch: row.branch, branchOutcome: deletes ? 'deleted' : 'kept', trash: null };
}

/** Statuses in which an agent is at something: its work isn't over, merged or not. */
const BUSY = new Set(['starting', 'working', 'waiting', 'blocked']);

/** Agents whose work is merged and would lose nothing: they have moved on from where they began, and rest. */
export async function mergedAgents(session: Session): Promise<AgentRow[]> {
  const rows = (await observe(session, await allAgents(session.db))).map(({ row }) => row);
  const merged: AgentRow[] = [];
  for (const row of rows.filter(({ status }) => !BUSY.has(status))) {
    const losses = await agentLosses(session, row);
    const moved = losses.tip !== null && losses.tip !== row.base_oid;
    if (moved && losses.unmerged.length === 0 && nothingElse(row, losses)) merged.push(row);
  }
  if (merged.length > 0) return merged;
  throw new UserError({
    code: 'NOTHING_MERGED',
    exit: exit.notFound,
    message: 'No agent rests with all of its work merged.',
    hint: 'swarm ls',
  });
}

function nothingElse(row: AgentRow, losses: Awaited<ReturnType<typeof agentLosses>>): boolean {
  try {
    refuseLosses(row, losses, { force: false, deleteBranch: false });
    return true;
  } catch {
    return false;
  }
}
