import { statSync } from 'node:fs';
import { join } from 'node:path';
import { baseTips, factsOf } from '../agents/list.ts';
import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { linkedGitDir } from '../git/worktrees.ts';
import { settleAll } from '../lib/parallel.ts';
import type { AgentRow } from '../store/schema.ts';
import type { Job } from './jobs.ts';
import type { Kept } from './kept.ts';

/** Worktrees that git reads at a time: the agents' own work needs the machine more. */
const LANES = 2;
/** Milliseconds between two reads of a worktree in which something goes on. */
const PACE = 2000;
/** Milliseconds after which a worktree is read though nothing was noticed: an editor outside tmux writes there too. */
const AT_LAST = 120_000;

/** Keeps git facts: read only of worktrees in which something may have happened. Takes no lock and writes nothing. */
export class GitFactsJob implements Job {
  readonly name = 'git';
  readonly #kept: Kept;
  readonly #read = new Map<string, { readonly key: string; readonly at: number }>();

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    const tips = baseTips(session);
    const due = team.filter((seen) => this.#isDue(session, seen));
    const results = await settleAll(due, LANES, async ({ row }) =>
      this.#kept.keep(row.id, { git: await factsOf(row, tips) }),
    );
    for (const id of this.#read.keys()) if (!team.some(({ row }) => row.id === id)) this.#read.delete(id);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  #isDue({ repo }: Session, { row, pane }: Observation): boolean {
    if (row.worktree === null) return false;
    const now = performance.now();
    const key = `${pane?.activity ?? 0} ${stampOf(repo.commonDir, row.worktree, row)}`;
    const last = this.#read.get(row.id);
    const due = last === undefined || now - last.at >= (last.key === key ? AT_LAST : PACE);
    // As it was before it is read: what happens meanwhile is read again.
    if (due) this.#read.set(row.id, { key, at: now });
    return due;
  }
}

/** Changes with every commit, checkout and staging in the worktree, and when its base moves. */
function stampOf(commonDir: string, worktree: string, { base }: AgentRow): string {
  const gitDir = linkedGitDir(worktree) ?? join(worktree, '.git');
  const own = ['HEAD', 'index', 'logs/HEAD'].map((file) => join(gitDir, file));
  const shared = [`refs/heads/${base ?? ''}`, 'packed-refs'].map((file) => join(commonDir, file));
  return [worktree, ...own, ...shared].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0).join(' ');
}
