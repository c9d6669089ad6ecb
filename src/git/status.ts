import { git } from './git.ts';

export interface StatusEntry {
  readonly path: string;
  /** git's two letters (index, worktree), `.` for unchanged; `U` on both sides of a conflict. */
  readonly code: string;
  /** In a submodule: whether it holds work of its own that the outer repository has not recorded. Null for anything else. */
  readonly submodule: { readonly commits: boolean; readonly modified: boolean; readonly untracked: boolean } | null;
}

export interface Status {
  /** Null while there is no commit. */
  readonly head: string | null;
  /** Changed against HEAD or the index; a rename is the removal of one path and the addition of another. */
  readonly changed: readonly StatusEntry[];
  /** Neither tracked nor ignored, file by file; a repository of its own is one entry that ends with a slash. */
  readonly untracked: readonly string[];
}

/** `git status` of a worktree, whatever the user's own settings hide. Writes nothing, not even a refreshed index. */
export async function readStatus(worktree: string): Promise<Status> {
  const options = ['--branch', '--untracked-files=all', '--ignore-submodules=none', '--no-renames'];
  // As configuration too: git looks into submodules with a status of its own, which hears no options.
  const text = await git(worktree).run([
    '-c',
    'status.showUntrackedFiles=all',
    'status',
    '--porcelain=v2',
    '-z',
    ...options,
  ]);
  let head: string | null = null;
  const changed: StatusEntry[] = [];
  const untracked: string[] = [];
  for (const line of text.split('\0')) {
    if (line.startsWith('# branch.oid ')) head = oidOrNull(line.slice('# branch.oid '.length));
    else if (line.startsWith('? ')) untracked.push(line.slice(2));
    else if (line.startsWith('1 ')) changed.push(entryOf(line, 8));
    else if (line.startsWith('u ')) changed.push(entryOf(line, 10));
  }
  return { head, changed, untracked };
}

function oidOrNull(text: string): string | null {
  return text === '(initial)' ? null : text;
}

/** `fields` fields stand before the path, which may hold spaces (git-status(1), porcelain version 2). */
function entryOf(line: string, fields: number): StatusEntry {
  const parts = line.split(' ');
  const sub = parts[2] ?? 'N...';
  return {
    path: parts.slice(fields).join(' '),
    code: parts[1] ?? '..',
    submodule: sub.startsWith('S')
      ? { commits: sub[1] === 'C', modified: sub[2] === 'M', untracked: sub[3] === 'U' }
      : null,
  };
}
