import { git } from './git.ts';
import type { Repository } from './repository.ts';

/** Reflog messages of commits that were made there, not brought in: `commit (amend): …`, `am: …`, `cherry-pick: …`. */
const MADE = /^(commit|am|cherry-pick|revert)\b/;

/** That of a rebase: where nothing was replayed, the branch is at the commit that the message names. */
const REPLAYED = /\(finish\): \S+ onto ([0-9a-f]+)$/;

export interface OwnCommitRequest {
  readonly branch: string;
  readonly tip: string;
  /** Where the branch began; null: not known. */
  readonly start: string | null;
  /** Commits of the branches that its work may have gone to. */
  readonly targets: readonly string[];
}

/**
 * Whether a branch has, or had before it was merged, a commit that is its own: one that only pulled its target since it
 * began has none. What no target has is its own, and what came into one from the side; of a target's own line git's record
 * of the branch says it.
 */
export async function hasOwnCommit(repo: Repository, request: OwnCommitRequest): Promise<boolean> {
  const { branch, tip, start, targets } = request;
  const main = git(repo.root);
  const since = start === null ? [] : [start];
  const list = async (...args: readonly string[]) =>
    (await main.run(['rev-list', ...args, '--'])).split('\n').filter((oid) => oid !== '');
  const apart = await list('--no-merges', '--max-count=1', tip, '--not', ...targets, ...since);
  if (apart.length > 0) return true;
  const lines = await Promise.all(targets.map((target) => list('--first-parent', target, '--not', ...since)));
  const all = await list(tip, '--not', ...since);
  const isIn = (await list('--max-count=1', tip, '--not', ...targets)).length === 0;
  if (isIn && all.length > 0 && !lines.some((line) => line.includes(tip))) return true;
  const reflog = ['reflog', 'show', '--no-show-signature', '--no-color', '--format=%H %gs'];
  const { stdout } = await main.try([...reflog, `refs/heads/${branch}`, '--']);
  const there = new Set(all);
  return stdout.split('\n').some((entry) => {
    const [oid, message] = [entry.slice(0, entry.indexOf(' ')), entry.slice(entry.indexOf(' ') + 1)];
    const onto = REPLAYED.exec(message)?.[1];
    return there.has(oid) && (onto === undefined ? MADE.test(message) : !oid.startsWith(onto));
  });
}
