import { defaultBranch, resolveCommit } from '../../git/branches.ts';
import type { Losses } from '../../git/losses.ts';
import { isMerged } from '../../git/merged.ts';
import { remoteBranches } from '../../git/namesakes.ts';
import { hasOwnCommit } from '../../git/own-commit.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { mergeTargets } from '../../store/recorded.ts';
import type { AgentRow } from '../../store/schema.ts';
import { mergedHeads } from '../../workspace/merged-pulls.ts';
import { observe } from '../observe.ts';
import { allAgents } from '../records.ts';
import { hasEnded } from '../rest.ts';
import type { Session } from '../session.ts';
import type { AgentStatus } from '../types.ts';
import { agentLosses, refuseLosses } from './losses.ts';

export interface MergedAgents {
  readonly rows: readonly AgentRow[];
  /** By agent's id: the commit that a pull request brought home, where this repository does not have it yet. */
  readonly mergedTips: ReadonlyMap<string, string>;
}

/**
 * Agents whose work is merged and would lose nothing: they have a commit of their own, and rest. Work that is only pushed
 * is not merged: its pull request may be open.
 */
export async function mergedAgents(session: Session): Promise<MergedAgents> {
  const seen = (await observe(session, await allAgents(session.db))).map(({ row }) => row);
  const rows: AgentRow[] = [];
  const mergedTips = new Map<string, string>();
  for (const row of seen.filter(({ status }) => hasEnded(status as AgentStatus))) {
    const losses = await agentLosses(session, row);
    const { tip } = losses;
    if (tip === null || tip === row.base_oid || !nothingElse(row, losses)) continue;
    const targets = await targetsOf(session, row);
    if (await isMerged(session.repo, tip, targets)) {
      const began = { branch: row.branch ?? '', tip, start: row.base_oid, targets };
      if (await hasOwnCommit(session.repo, began)) rows.push(row);
    } else if ((await mergedHeads(session.repo, row.branch ?? '', session.env)).includes(tip)) {
      rows.push(row);
      mergedTips.set(row.id, tip);
    }
  }
  if (rows.length > 0) return { rows, mergedTips };
  throw new UserError({
    code: 'NOTHING_MERGED',
    exit: exit.notFound,
    message: 'No agent rests with all of its work merged.',
    hint: 'swarm ls',
  });
}

/** Where its work may have gone: its base, the merge target, what it was merged into and the default branch, here and on the remotes. */
async function targetsOf({ repo, config, db }: Session, row: AgentRow): Promise<string[]> {
  const merged = await mergeTargets(db, row.id);
  const names = new Set([row.base, config.merge.into, ...merged, await defaultBranch(repo)]);
  const oids = new Set<string>();
  for (const name of names) {
    if (name === null || name === row.branch) continue;
    const local = await resolveCommit(repo.root, name);
    if (local !== null) oids.add(local);
    for (const { oid } of await remoteBranches(repo, name)) oids.add(oid);
  }
  return [...oids];
}

/** Nothing but commits, and of those it is looked for where they went. */
function nothingElse(row: AgentRow, losses: Losses): boolean {
  try {
    refuseLosses(row, losses, { force: false, deleteBranch: false, mergedTip: losses.tip });
    return true;
  } catch {
    return false;
  }
}
