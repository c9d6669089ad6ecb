import { localBranch } from '../../git/branches.ts';
import { readStatus } from '../../git/status.ts';
import { uncommittedIn } from '../../git/work-commit.ts';
import { isGone } from '../../git/worktrees.ts';
import type { AgentRow } from '../../store/schema.ts';
import { isTyped } from '../deliver/records.ts';
import { hasEnded, statusNow } from '../rest.ts';
import type { Session } from '../session.ts';

/**
 * Why an agent's work does not end with this commit of it, in words that follow its name: it is at something, or has more
 * than that. Null when it rests and that is all. `dirty`: what is not committed counts too.
 */
export async function goesOn(
  session: Session,
  row: AgentRow,
  tip: string | null,
  { dirty }: { readonly dirty: boolean },
): Promise<string | null> {
  const status = await statusNow(session, row);
  if (!hasEnded(status)) return `is ${status}`;
  if (await isTyped(session.db, row.id)) return 'is being sent a prompt';
  const now = row.branch === null ? null : await localBranch(session.repo, row.branch);
  if (now !== null && tip !== null && now !== tip) return 'has committed more since';
  if (!dirty || row.worktree === null || (await isGone(row.worktree))) return null;
  const there = await readStatus(row.worktree).catch(() => null);
  if (there === null) return "has a worktree that can't be read";
  const files = uncommittedIn(there);
  return files.length === 0 ? null : `has work that no commit has: ${files.slice(0, 5).join(', ')}`;
}
