import type { Session } from '../agents/session.ts';
import type { Ref } from '../git/branches.ts';
import { git } from '../git/git.ts';
import { type MergeStrategy, makeCommit, rebaseHere, withScratchWorktree } from '../git/merge-commit.ts';
import { predictMerge } from '../git/merge-tree.ts';
import type { AgentRow } from '../store/schema.ts';
import { mergeMessage } from './message.ts';

/** What the target would become, as a commit that nothing points to yet; or why it can't. */
export type Built =
  | { readonly state: 'built'; readonly commit: string }
  | { readonly state: 'nothing' }
  | { readonly state: 'conflict'; readonly files: readonly string[]; readonly reason: string };

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

/** Brings the two together without touching anybody's checkout. */
export async function buildMerge(request: BuildRequest): Promise<Built> {
  const { session, row, target, tip, strategy, message } = request;
  const main = git(session.repo.root);
  const predicted = await predictMerge(main, target.oid, tip);
  if (predicted.state === 'nothing') return { state: 'nothing' };
  const sides = `${row.branch} and ${target.name}`;
  if (predicted.state === 'unrelated') {
    return { state: 'conflict', files: [], reason: `${sides} have no history in common` };
  }
  if (predicted.state === 'conflict') {
    return { state: 'conflict', files: predicted.files, reason: `${sides} change the same places` };
  }
  if (strategy === 'ff' && !predicted.forward) {
    const reason = `${target.name} has commits that ${row.branch} lacks, so it can't be moved forward to it`;
    return { state: 'conflict', files: [], reason };
  }
  if (strategy === 'ff' || (strategy === 'rebase' && predicted.forward)) return { state: 'built', commit: tip };
  if (strategy === 'rebase') return rebased(request);
  // A squash of what is there in other commits already (picked, squashed before) would be empty.
  const unchanged = (await main.run(['rev-parse', `${target.oid}^{tree}`])).trim() === predicted.tree;
  if (unchanged) return { state: 'nothing' };
  const base = (await main.run(['merge-base', target.oid, tip])).trim();
  const words = await mergeMessage(session, row, { base, tip }, message, strategy);
  const parents = strategy === 'merge' ? [target.oid, tip] : [target.oid];
  return { state: 'built', commit: await makeCommit(session.repo, { tree: predicted.tree, parents, message: words }) };
}

/** Replays the branch's commits on the target, in a worktree of a moment: git 2.39 can't do that in memory. */
async function rebased({ session, row, target, tip, scratch, operation }: BuildRequest): Promise<Built> {
  return withScratchWorktree(session.repo, scratch, tip, operation, async (here) => {
    const result = await rebaseHere(here, target.oid);
    if ('files' in result) {
      const reason = `${row.branch} can't be replayed on ${target.name}`;
      return { state: 'conflict', files: result.files, reason };
    }
    return result.tip === target.oid ? { state: 'nothing' } : { state: 'built', commit: result.tip };
  });
}
