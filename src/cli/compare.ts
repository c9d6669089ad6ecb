import { shortDuration } from '../lib/duration.ts';
import { plainLine } from '../lib/text.ts';
import type { Contender } from '../merge/compare.ts';
import { paint } from './output.ts';
import { type Column, table } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'AGENT' },
  { title: 'CLI', drops: 1 },
  { title: 'STATUS', drops: 2 },
  { title: 'COMMITS', align: 'right' },
  { title: 'FILES', align: 'right' },
  { title: '+/-', align: 'right' },
  { title: 'MERGE', shrinks: true },
  { title: 'GATE' },
  { title: 'TOKENS', align: 'right', drops: 3 },
  { title: 'TIME', align: 'right' },
];

/** Agents side by side, and what to type next. */
export function renderComparison(contenders: readonly Contender[]): string {
  const chosen = contenders.find(({ picked }) => picked);
  const one = (chosen ?? contenders[0])?.agent;
  const next = `${paint('cyan', '→')} swarm diff ${one}, then: swarm ${chosen === undefined ? 'pick' : 'merge'} ${one}`;
  return `${table(COLUMNS, contenders.map(cells))}${next}`;
}

function cells(one: Contender): string[] {
  const { commits, files, insertions, deletions, uncommitted, tokens } = one;
  const kind = one.model === null ? one.cli : `${one.cli} ${plainLine(one.model)}`;
  return [
    one.picked ? paint('green', `✓ ${one.agent}`) : one.agent,
    kind,
    one.status,
    `${commits ?? '?'}${uncommitted ? ` and ${uncommitted} uncommitted` : ''}`,
    String(files ?? '?'),
    insertions === null ? '?' : `+${insertions} -${deletions}`,
    mergeWord(one),
    gateWord(one),
    tokens === null ? '' : String(tokens),
    shortDuration(one.took),
  ];
}

function mergeWord({ merge, conflicts, into }: Contender): string {
  if (merge === null) return '?';
  const target = plainLine(into);
  if (merge === 'clean') return `into ${target}`;
  if (merge === 'nothing') return `nothing for ${target}`;
  const where = conflicts.length === 0 ? '' : `: ${conflicts.map(plainLine).join(', ')}`;
  return paint('red', `conflict with ${target}${where}`);
}

function gateWord({ gate }: Contender): string {
  if (gate === null) return '';
  return gate.state === 'passed' ? paint('green', 'passed') : paint('red', 'failed');
}
