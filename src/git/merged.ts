import { exactChanges } from './exact-changes.ts';
import { type Git, type GitOptions, git } from './git.ts';
import type { Repository } from './repository.ts';
import { withScratch } from './scratch.ts';

export interface Commit {
  readonly oid: string;
  readonly subject: string;
}

/**
 * Commits of `tip` that would be lost with it: those in none of the targets and no remote branch, by themselves or by
 * content (rebased, cherry-picked, squashed). None when merging it into one of the targets would add nothing.
 */
export function unmergedCommits(repo: Repository, tip: string, targets: readonly string[]): Promise<Commit[]> {
  return commitsBeyond(repo, tip, targets, ['--remotes']);
}

/** Whether all of `tip` is in one of the targets, by itself or by content. What is only pushed is not merged. */
export async function isMerged(repo: Repository, tip: string, targets: readonly string[]): Promise<boolean> {
  return targets.length > 0 && (await commitsBeyond(repo, tip, targets, [])).length === 0;
}

/** `elsewhere`: other refs whose commits are safe there. */
async function commitsBeyond(
  repo: Repository,
  tip: string,
  targets: readonly string[],
  elsewhere: readonly string[],
): Promise<Commit[]> {
  const main = git(repo.root);
  const missing = await commits(main, [tip, '--not', ...targets, ...elsewhere]);
  if (missing.length === 0) return [];
  let least = missing;
  for (const target of targets) {
    const left = await commitsWithoutTwin(main, target, tip, elsewhere);
    const merges = await commits(main, ['--merges', tip, '--not', target, ...elsewhere]);
    // A merge may hold a resolution of its own: only the content decides then.
    if (left.length === 0 && merges.length === 0) return [];
    if (await withScratch(repo, ({ options }) => addsNothing(main, options, target, tip))) return [];
    if (left.length > 0 && left.length < least.length) least = left;
  }
  return least;
}

/** Commits reachable from `oid` and from no branch, remote branch or tag. */
export async function looseCommits(repo: Repository, oid: string): Promise<Commit[]> {
  return commits(git(repo.root), [oid, '--not', '--branches', '--remotes', '--tags']);
}

async function commits(main: Git, args: readonly string[]): Promise<Commit[]> {
  const text = await main.run(['rev-list', '--no-commit-header', '--format=%H %s', ...args, '--']);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(commitOf);
}

/** `OID SUBJECT` */
function commitOf(line: string): Commit {
  const space = line.indexOf(' ');
  return { oid: line.slice(0, space), subject: line.slice(space + 1) };
}

/** Whether the tip's content is in the target already: a merge changes nothing, or one commit there has its whole diff. */
async function addsNothing(main: Git, scratch: GitOptions, target: string, tip: string): Promise<boolean> {
  const merged = await main.try(['merge-tree', '--write-tree', '--no-messages', target, tip], scratch);
  const tree = (await main.run(['rev-parse', '--verify', `${target}^{tree}`])).trim();
  if (merged.exitCode === 0 && merged.stdout.trim() === tree) return true;
  const base = await main.try(['merge-base', target, tip]);
  if (base.exitCode !== 0) return false;
  const squash = ['commit-tree', '-m', 'squash', '-p', base.stdout.trim(), `${tip}^{tree}`];
  const squashed = (await main.run(squash, scratch)).trim();
  return (await commitsWithoutTwin(main, target, squashed, [], scratch)).length === 0;
}

/**
 * Commits of `tip`, merges aside, that `target` lacks, and of whose change it has none that is the same byte for byte. git's
 * own comparison passes over white space: it only says which ones to look at.
 */
async function commitsWithoutTwin(
  main: Git,
  target: string,
  tip: string,
  elsewhere: readonly string[],
  options: GitOptions = {},
): Promise<Commit[]> {
  const side = async (which: string) => {
    const marks = ['rev-list', '--no-commit-header', '--format=%m%H %s', '--cherry-mark', '--no-merges', which];
    const text = await main.run([...marks, `${target}...${tip}`, '--not', ...elsewhere, '--'], options);
    return text
      .split('\n')
      .flatMap((line) => (line === '' ? [] : { ...commitOf(line.slice(1)), alike: line[0] === '=' }));
  };
  const [theirs, mine] = await Promise.all([side('--left-only'), side('--right-only')]);
  const alike = [...theirs, ...mine].flatMap((commit) => (commit.alike ? commit.oid : []));
  const changes = await exactChanges(main, alike, options);
  const there = new Set(theirs.flatMap(({ oid }) => changes.get(oid) ?? []));
  return mine.flatMap(({ oid, subject }) => (there.has(changes.get(oid) ?? '') ? [] : { oid, subject }));
}
