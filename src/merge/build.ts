import type { Session } from '../agents/session.ts';
import type { Ref } from '../git/branches.ts';
import { type Git, git } from '../git/git.ts';
import { type MergeStrategy, makeCommit, rebaseHere, withScratchWorktree } from '../git/merge-commit.ts';
import type { AgentRow } from '../store/schema.ts';
import { predictHome } from './brought.ts';
import { mergeMessage } from './message.ts';

/** What the target would become, as a commit that nothing points to yet; or why it can't. */
export type Built =
  | { readonly state: 'built'; readonly commit: string }
  | { readonly state: 'nothing' }
  | { readonly state: 'conflict' | 'refused'; readonly files: readonly string[]; readonly reason: string };

export interface BuildRequest {
  readonly session: Session;
  readonly row: AgentRow;
  readonly target: Ref;
  readonly tip: string;
  readonly strategy: MergeStrategy;
  readonly message: string | null;
  /** A free path for a worktree of a moment. */
  readonly scratch: string;
  readonly operation: string;
}

/** What tells a refusal for the sake of the agent's own work from all others. */
const OTHERWISE = 'come to something else than merged';

/** Whether a merge was refused because a replay would lose what only the work's own merge commits hold. */
export function losesInReplay({ state, reason }: { readonly state: string; readonly reason: string | null }): boolean {
  return state === 'refused' && (reason?.includes(OTHERWISE) ?? false);
}

/** Brings the two together without touching anybody's checkout: from where an earlier merge of the same work ended. */
export async function buildMerge(request: BuildRequest): Promise<Built> {
  const { session, row, target, tip, strategy, message } = request;
  const main = git(session.repo.root);
  const { predicted, ours } = await predictHome(session, row, target.oid, tip);
  if (predicted.state === 'nothing') return { state: 'nothing' };
  const sides = `${row.branch} and ${target.name}`;
  if (predicted.state === 'unrelated') {
    return { state: 'conflict', files: [], reason: `${sides} have no history in common` };
  }
  if (predicted.state === 'conflict') {
    // Commit by commit it may fit: what was picked from it is passed over.
    if (strategy === 'rebase' && (await isLinear(main, ours, tip))) return rebased(request, ours, null);
    return { state: 'conflict', files: predicted.files, reason: `${sides} change the same places` };
  }
  if (strategy === 'ff' && !predicted.forward) {
    const reason = `${target.name} has commits that ${row.branch} lacks, so it can't be moved forward to it`;
    return { state: 'conflict', files: [], reason };
  }
  if (strategy === 'ff' || (strategy === 'rebase' && predicted.forward)) return { state: 'built', commit: tip };
  if (strategy === 'rebase') return rebased(request, ours, predicted.tree);
  // A squash of what is there in other commits already (picked, squashed before) would be empty.
  const unchanged = (await main.run(['rev-parse', `${target.oid}^{tree}`])).trim() === predicted.tree;
  if (unchanged) return { state: 'nothing' };
  const words = await mergeMessage(session, row, { base: ours, tip }, message, strategy);
  const parents = strategy === 'merge' ? [target.oid, tip] : [target.oid];
  return { state: 'built', commit: await makeCommit(session.repo, { tree: predicted.tree, parents, message: words }) };
}

async function isLinear(main: Git, ours: string, tip: string): Promise<boolean> {
  return (await main.run(['rev-list', '--merges', '--max-count=1', `${ours}..${tip}`, '--'])) === '';
}

/**
 * Replays the branch's commits on the target, in a worktree of a moment: git 2.39 can't do that in memory. What only its
 * merge commits hold is lost by that: refused where something else comes out than of a merge (`merged`: its tree).
 */
async function rebased(
  { session, row, target, tip, scratch, operation }: BuildRequest,
  ours: string,
  merged: string | null,
): Promise<Built> {
  return withScratchWorktree(session.repo, scratch, tip, operation, async (here) => {
    const result = await rebaseHere(here, target.oid, ours);
    if ('files' in result) {
      const reason = `${row.branch} can't be replayed on ${target.name}`;
      return { state: 'conflict', files: result.files, reason };
    }
    const files = merged === null ? [] : await pathsBetween(here, merged, result.tip);
    if (files.length > 0) {
      const reason = `replayed on ${target.name}, ${row.branch}'s commits ${OTHERWISE}: merge it with --strategy merge or squash`;
      return { state: 'refused', files, reason };
    }
    return result.tip === target.oid ? { state: 'nothing' } : { state: 'built', commit: result.tip };
  });
}

async function pathsBetween(here: Git, from: string, to: string): Promise<string[]> {
  const text = await here.run(['diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to]);
  return text.split('\0').filter((path) => path !== '');
}
