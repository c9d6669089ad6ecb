import { exit } from '../lib/errors.ts';
import { plainLine } from '../lib/text.ts';
import type { NextSteps } from '../merge/next-steps.ts';
import type { MergeResult } from '../merge/types.ts';
import { paint } from './output.ts';

const CODES = {
  merged: exit.done,
  nothing: exit.done,
  conflict: exit.failed,
  gate_failed: exit.failed,
  refused: exit.refused,
};

/** 0 merged or nothing to do, 1 a conflict or a red gate, 4 refused to protect work. */
export const exitOfMerge = ({ state }: MergeResult): number => CODES[state];

/** What a merge came to, for people, and what to type next. */
export function renderMerge(result: MergeResult, next: NextSteps): string {
  const { agent, into, state, commit, strategy, removed, notes } = result;
  const files = result.files.map((file) => `    ${plainLine(file)}`);
  const because = result.reason === null ? '' : `: ${plainLine(result.reason)}`;
  const lines = {
    merged: [
      `${paint('green', '✓')} ${agent} is merged into ${into} (${strategy}, ${commit?.slice(0, 9)})${removed ? ', and removed' : ''}`,
    ],
    nothing: [`${agent} has nothing that ${into} lacks.${stillOpen(next)}`],
    conflict: [`${paint('red', '✗')} ${agent} can't be merged into ${into}${because}`, ...files],
    gate_failed: [`${paint('red', '✗')} ${agent} is not merged into ${into}${because}`],
    refused: [`${paint('yellow', '▲')} ${agent} is not merged into ${into}${because}`, ...files],
  }[state];
  const steps = next.commands.map((command) => `→ ${plainLine(command)}`);
  return [...lines, ...notes.map((note) => `  ${plainLine(note)}`), ...steps].join('\n');
}

function stillOpen({ tasks }: NextSteps): string {
  return tasks.length === 0 ? '' : ` Still open: ${tasks.join(', ')}.`;
}
