import { countUnread } from '../../board/messages/unread.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { AskConsent } from '../consent.ts';
import { asError } from '../pick.ts';
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

export interface RemoveManyOptions extends RemoveOptions {
  readonly dryRun: boolean;
  /** By agent's id: the commit that is known to be merged elsewhere. */
  readonly mergedTips?: ReadonlyMap<string, string>;
}

/** Removes agents one after the other; one refusal doesn't stop the others. */
export async function removeAgents(
  session: Session,
  rows: readonly AgentRow[],
  options: RemoveManyOptions,
  door: RemovalsDoor,
): Promise<Removals> {
  const { yes, ask, tell } = door;
  const approved = options.dryRun ? null : await approveRemoval(session, door.hooks, { yes, ask });
  const removed: Removal[] = [];
  const errors: { agent: string; error: Error }[] = [];
  for (const row of rows) {
    const agreed = { ...options, mergedTip: options.mergedTips?.get(row.id) ?? null };
    try {
      if (approved === null) removed.push(await previewRemoval(session, row, agreed));
      else removed.push(await removeAgent(session, row, agreed, { approved, tell }));
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
  const unread = await countUnread(session.db, row.id);
  const branchOutcome = deletes ? 'deleted' : 'kept';
  return { agent: row.name, id: '', branch: row.branch, branchOutcome, trash: null, unread };
}
