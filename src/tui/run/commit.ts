import { oneLine } from '../../lib/text.ts';
import { checkpoint } from '../../merge/checkpoint.ts';
import type { AgentRow } from '../../store/schema.ts';
import { done, inJob } from './job.ts';
import type { Stage } from './stage.ts';

/** Commits what is in an agent's worktree, while it rests; an empty message is made of the names of the files. */
export function commit(stage: Stage, row: AgentRow, message: string): Promise<void> {
  return inJob(stage, `committing the work of ${row.name}`, async () => {
    const made = await checkpoint(stage.session, row, { message: message || null, now: false });
    const files = `${made.files.length} ${made.files.length === 1 ? 'file' : 'files'}`;
    const out = made.left.length === 0 ? '' : `; left out, being repositories: ${made.left.join(', ')}`;
    return done(
      `${made.agent}: ${files} committed on ${made.branch} as ${made.commit.slice(0, 7)}: ${oneLine(made.message)}${oneLine(out)}`,
    );
  });
}
