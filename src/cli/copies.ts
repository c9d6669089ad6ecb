import type { AgentCopy } from '../agents/copy.ts';
import { plainLine } from '../lib/text.ts';

/** One line per file; a summary where there was nothing to do. */
export function renderCopies(copies: readonly AgentCopy[], dryRun: boolean): string {
  const would = dryRun ? 'would be ' : '';
  const lines = copies.flatMap(({ agent, copied, updated, linked, skipped }) => {
    const done = [
      ...copied.map((path) => `${agent}: ${path} ${would}copied`),
      ...updated.map((path) => `${agent}: ${path} ${would}updated`),
      ...linked.map((path) => `${agent}: ${path} ${would}linked`),
      ...skipped.map(({ path, reason }) => `${agent}: ${path} skipped: ${reason}`),
    ];
    return done.length === 0 ? [`${agent}: nothing to copy`] : done;
  });
  return lines.map(plainLine).join('\n');
}
