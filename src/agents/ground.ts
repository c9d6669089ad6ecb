import { existsSync } from 'node:fs';
import { exit, UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';

/** The agent's worktree. @throws UserError exit 3 when the folder is gone. */
export function requireWorktree(row: AgentRow): string {
  if (row.worktree !== null && existsSync(row.worktree)) return row.worktree;
  throw new UserError({
    code: 'NO_WORKTREE',
    exit: exit.notFound,
    message: `The worktree of ${row.name} is gone: ${row.worktree ?? '(none)'}.`,
    hint: `swarm rm ${row.name}`,
    details: { worktree: row.worktree },
  });
}
