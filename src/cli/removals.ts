import type { Removals } from '../agents/life/remove-many.ts';
import type { Restorable } from '../agents/life/restorable.ts';
import { plainLine } from '../lib/text.ts';
import { toErrorDocument } from './errors.ts';
import { paint } from './output.ts';
import { errorDocuments, tellErrors } from './targets.ts';
import { ageOf } from './times.ts';

/** The JSON of a removal; with one refusal and nothing removed, its error is the document's. */
export function toRemovalDocument({ dryRun, removed, errors }: Removals): Readonly<Record<string, unknown>> {
  const refused = errorDocuments(errors, 'rm');
  const [failure, ...others] = errors;
  const only = failure !== undefined && others.length === 0 && removed.length === 0;
  return {
    // A flag that is not given is undefined, and JSON would leave it out.
    dryRun: dryRun === true,
    removed,
    errors: refused,
    ...(only ? { error: toErrorDocument(failure.error, 'rm').document } : {}),
  };
}

export function renderRemovals({ dryRun, removed, errors }: Removals): string {
  tellErrors(errors, 'rm');
  return removed
    .map(({ agent, branch, branchOutcome, trash, unread }) => {
      const messages = unread === 0 ? '' : `, ${unread} ${unread === 1 ? 'message' : 'messages'} unread`;
      const what = `${branch === null ? '' : `, branch ${plainLine(branch)} ${branchOutcome}`}${messages}`;
      if (dryRun) return `${agent} would be removed${what}`;
      const undo = trash === null ? '' : `; swarm restore ${agent} brings it back within 7 days`;
      return `${paint('green', '✓')} ${agent} removed${what}${undo}`;
    })
    .join('\n');
}

export function renderRestorable(removed: readonly Restorable[]): string {
  if (removed.length === 0) return 'Nothing was removed in the last 7 days.';
  return removed
    .map(({ name, branch, removedAt }) => {
      const ago = ageOf(removedAt);
      return `${name}  ${plainLine(branch ?? '')}  removed ${ago} ago`;
    })
    .join('\n');
}
