import { lstat, mkdir, readFile, realpath, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/types.ts';
import type { Repository } from '../git/repository.ts';
import { ancestorsOf, listTracked, listUntracked } from '../git/untracked.ts';
import { settleAll } from '../lib/parallel.ts';
import { bringFile, type Outcome, obstacleOf, type Place, strayLink } from './copy-file.ts';
import { gitignoreLines, globs, type Patterns } from './patterns.ts';
import { filesBelow, type Selection, type Skipped, selectCopies, selectLinks } from './select.ts';

/** What came into a worktree. A path with a trailing slash is a folder that was new as a whole. */
export interface CopyReport {
  readonly copied: readonly string[];
  /** Was there and differed. */
  readonly updated: readonly string[];
  readonly linked: readonly string[];
  readonly skipped: readonly Skipped[];
}

export interface CopyRequest {
  readonly repo: Repository;
  readonly files: Config['files'];
  readonly worktree: string;
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean;
}

/** Files copied at a time: enough to keep a disk busy, few enough for any limit on open files. */
const LANES = 16;

/**
 * Brings untracked files of the main worktree into another: copies of what `files.copy` and `.worktreeinclude` mean and
 * `files.exclude` does not, links to what `files.link` means. Tracked files are never touched, and nothing is read or
 * written outside the repository. Doing it again updates what differs.
 * @throws UserError BAD_PATTERN (2), COPY_FAILED (1).
 */
export async function copyFiles(request: CopyRequest): Promise<CopyReport> {
  const { repo, files, worktree } = request;
  const copy = globs(files.copy, 'files.copy');
  const exclude = globs(files.exclude, 'files.exclude');
  const link = globs(files.link, 'files.link');
  if (repo.bare || worktree === repo.root) return nothing(repo, [...files.copy, ...files.link]);
  const included = await readFile(join(repo.root, '.worktreeinclude'), 'utf8').catch(() => '');
  const include = included.trim() === '' ? [copy] : [copy, gitignoreLines(included)];
  if (included.trim() === '' && files.copy.length + files.link.length === 0) return nothing(repo, []);
  const [untracked, mine, tracked] = await Promise.all([
    listUntracked(repo.root),
    listTracked(repo.root),
    listTracked(worktree),
  ]);
  const place: Place = { repo, worktree, tracked, dryRun: request.dryRun ?? false };
  const links = selectLinks(untracked, mine, link).filter((path) => !exclude.matches(path, true));
  const rest = untracked.filter(({ path }) => ![path, ...ancestorsOf(path)].some((one) => links.includes(one)));
  const chosen = await selectCopies(repo.root, rest, include, exclude);
  const report = await bringAll(place, chosen, exclude);
  const trackedFolders = new Set([...tracked].flatMap(ancestorsOf));
  for (const path of links) report.add(path, await linkOne(place, path, trackedFolders));
  const missing = await unmet([...copy.literal, ...link.literal], mine, report.seen, repo);
  return report.done([...chosen.skipped, ...missing]);
}

async function bringAll(place: Place, chosen: Selection, exclude: Patterns): Promise<ReturnType<typeof newReport>> {
  const report = newReport();
  for (const { path } of chosen.skipped) report.see(path);
  await each(chosen.files, async (path) => report.add(path, await bringFile(place, path)));
  for (const folder of chosen.folders) {
    const isNew = (await lstat(join(place.worktree, folder)).catch(() => null)) === null;
    const inside = await filesBelow(place.repo.root, folder, exclude);
    const outcomes: [string, Outcome][] = [];
    await each(inside.files, async (path) => {
      outcomes.push([path, await bringFile(place, path)]);
    });
    // Twenty thousand new paths are one line for people.
    if (isNew && outcomes.some(([, outcome]) => outcome === 'copied')) report.add(`${folder}/`, 'copied');
    report.see(folder);
    for (const [path, outcome] of outcomes) if (!isNew || outcome !== 'copied') report.add(path, outcome);
    for (const { path, reason } of inside.skipped) report.add(path, `skipped: ${reason}`);
  }
  return report;
}

async function each(paths: readonly string[], work: (path: string) => Promise<unknown>): Promise<void> {
  for (const result of await settleAll(paths, LANES, work)) if (result.status === 'rejected') throw result.reason;
}

async function linkOne(place: Place, path: string, trackedFolders: ReadonlySet<string>): Promise<Outcome> {
  const from = join(place.repo.root, path);
  const to = join(place.worktree, path);
  const source = await lstat(from);
  const stray = source.isSymbolicLink() ? await strayLink(place.repo, from) : null;
  const obstacle = trackedFolders.has(path) ? 'git tracks files in it in this worktree' : await obstacleOf(place, path);
  if (stray !== null || obstacle !== null) return `skipped: ${stray ?? obstacle}`;
  if (await lstat(to).catch(() => null)) {
    const [end, wanted] = await Promise.all([realpath(to).catch(() => null), realpath(from).catch(() => null)]);
    return end !== null && end === wanted ? 'same' : 'skipped: something is there already';
  }
  if (!place.dryRun) {
    await mkdir(dirname(to), { recursive: true });
    await symlink(from, to);
  }
  return 'linked';
}

/** Paths that the config names and that gave nothing: silence would hide a misspelling. */
async function unmet(
  literal: readonly string[],
  tracked: ReadonlySet<string>,
  seen: ReadonlySet<string>,
  repo: Repository,
): Promise<Skipped[]> {
  const met = (path: string) => [...seen].some((one) => one === path || one.startsWith(`${path}/`));
  return Promise.all(
    [...new Set(literal)]
      .filter((path) => !met(path))
      .map(async (path) => {
        if (tracked.has(path)) return { path, reason: 'git tracks it: every worktree has it' };
        const found = await lstat(join(repo.root, path)).catch(() => null);
        return { path, reason: found ? 'it holds nothing to bring along' : 'it is not in the main worktree' };
      }),
  );
}

function nothing(repo: Repository, patterns: readonly string[]): CopyReport {
  const reason = repo.bare ? 'a bare repository has no main worktree to copy from' : 'this is the main worktree';
  return { copied: [], updated: [], linked: [], skipped: patterns.map((path) => ({ path, reason })) };
}

function newReport() {
  const lists = { copied: [] as string[], updated: [] as string[], linked: [] as string[] };
  const skipped: Skipped[] = [];
  const seen = new Set<string>();
  return {
    seen,
    see: (path: string) => seen.add(path),
    add(path: string, outcome: Outcome): void {
      seen.add(path);
      if (outcome === 'copied' || outcome === 'updated' || outcome === 'linked') lists[outcome].push(path);
      else if (outcome !== 'same') skipped.push({ path, reason: outcome.slice('skipped: '.length) });
    },
    done: (more: readonly Skipped[]): CopyReport => ({
      copied: lists.copied.sort(),
      updated: lists.updated.sort(),
      linked: lists.linked.sort(),
      skipped: [...skipped, ...more].sort((a, b) => (a.path < b.path ? -1 : 1)),
    }),
  };
}
