import { hasEnded, statusNow } from '../agents/rest.ts';
import type { Session } from '../agents/session.ts';
import { localBranch } from '../git/branches.ts';
import { isEmbedded } from '../git/embedded.ts';
import { readStatus } from '../git/status.ts';
import { isGone } from '../git/worktrees.ts';
import { exit, messageOf, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';
import { requireOwnBranch } from './own-branch.ts';
import { ownWorkIn } from './own-work.ts';

/** What the commit is wanted for: how to ask for it although the agent works, and what did not happen. */
const PURPOSES = {
  merge: { anyway: '--keep', undone: 'Nothing was merged' },
  pr: { anyway: '--now', undone: 'Nothing was pushed' },
} as const;

type Purpose = keyof typeof PURPOSES;

/**
 * The commit to merge: the tip of the agent's branch, once the agent rests and everything is committed. With `keep` it
 * may work on.
 * @throws UserError exit 4 naming what is in the way.
 */
export async function readyTip(
  session: Session,
  row: AgentRow,
  keep: boolean,
  purpose: Purpose = 'merge',
): Promise<string> {
  const notReady = refusalFor(purpose);
  const branch = row.branch;
  const tip = branch === null ? null : await localBranch(session.repo, branch);
  if (branch === null || tip === null)
    throw notReady(row, 'NO_BRANCH', 'has no branch of its own', `swarm status ${row.name}`);
  if (!keep) await requireRest(session, row, purpose);
  const worktree = row.worktree;
  if (worktree === null || (await isGone(worktree))) return tip;
  const status = await readStatus(worktree).catch((error: unknown) => {
    // What lies there is not known: it may be work that would be left out, and removed with the agent.
    const what = `has a worktree that can't be read (${messageOf(error)})`;
    throw notReady(row, 'NOT_READ', what, `git -C ${shellWord(worktree)} status`);
  });
  await requireOwnBranch(session, row, worktree, `its work there would be left out. ${PURPOSES[purpose].undone}`);
  if (keep) return tip;
  const { files } = await ownWorkIn(session, worktree, status);
  if (files.length > 0) {
    const named = files.slice(0, 5).join(', ') + (files.length > 5 ? ` and ${files.length - 5} more` : '');
    const what = `has work that no commit has: ${named}`;
    // No commit takes a repository of its own in.
    const anyway = files.every(isEmbedded) ? `swarm ${purpose} ${row.name} ${PURPOSES[purpose].anyway}` : null;
    throw notReady(row, 'DIRTY_WORKTREE', what, anyway ?? `swarm checkpoint ${row.name}`, { files });
  }
  return tip;
}

async function requireRest(session: Session, row: AgentRow, purpose: Purpose): Promise<void> {
  const status = await statusNow(session, row);
  if (hasEnded(status)) return;
  const how = status === 'unknown' ? 'is at something unknown' : `is ${status}`;
  const hint = `swarm ${purpose} ${row.name} ${PURPOSES[purpose].anyway}`;
  throw refusalFor(purpose)(row, 'AGENT_WORKING', `${how}: its work may not be whole`, hint, { status });
}

const refusalFor =
  (purpose: Purpose) =>
  (row: AgentRow, code: string, what: string, hint: string, details: object = {}): UserError =>
    new UserError({
      code,
      exit: exit.refused,
      message: `${row.name} ${what}. ${PURPOSES[purpose].undone}.`,
      hint,
      details: { agent: row.name, ...details },
    });
