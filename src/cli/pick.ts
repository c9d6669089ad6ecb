import { plainLine } from '../lib/text.ts';
import type { Pick } from '../merge/pick.ts';
import { paint } from './output.ts';
import { renderRemovals } from './removals.ts';

/** Whom a pick kept, who went, and what to type next. */
export function renderPick(pick: Pick): string {
  const { picked, ticket, dryRun, errors } = pick;
  const kept = dryRun
    ? `${picked} would be kept`
    : `${paint('green', '✓')} ${picked} is the one on ${plainLine(ticket)}`;
  const codes = new Set(errors.map(({ error }) => ('code' in error ? String(error.code) : '')));
  const force = codes.has('DIRTY_WORKTREE') ? ' --force' : '';
  const flags = codes.has('DIRTY_WORKTREE') || codes.has('UNMERGED_COMMITS') ? `${force} --delete-branch` : '';
  const rest =
    flags === ''
      ? []
      : [`${paint('cyan', '→')} swarm pick ${picked}${flags} removes the others, too (swarm restore undoes it)`];
  return [kept, renderRemovals(pick), ...rest, `${paint('cyan', '→')} swarm merge ${picked}`]
    .filter((line) => line !== '')
    .join('\n');
}
