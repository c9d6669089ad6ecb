import { oneLine, plainLine } from '../lib/text.ts';
import type { Checkpoint } from '../merge/checkpoint.ts';
import { paint } from './output.ts';

/** `✓ worker-1: 3 files committed on ticket-42 as 1a2b3c4: message`. */
export function renderCheckpoint({ agent, branch, commit, message, files, left }: Checkpoint): string {
  const count = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  const out =
    left.length === 0 ? '' : `\n  left out, being repositories of their own: ${left.map(plainLine).join(', ')}`;
  return `${paint('green', '✓')} ${agent}: ${count} committed on ${oneLine(branch)} as ${commit.slice(0, 7)}: ${oneLine(message)}${out}`;
}
