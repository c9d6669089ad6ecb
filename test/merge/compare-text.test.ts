import { expect, test } from 'vitest';
import { renderComparison } from '../../src/cli/compare.ts';
import type { Contender } from '../../src/merge/compare.ts';

const contender = (agent: string, picked: boolean): Contender => ({
  agent,
  ticket: 't-1',
  cli: 'scripted',
  model: null,
  status: 'idle',
  branch: agent,
  into: 'main',
  commits: 1,
  files: 1,
  insertions: 1,
  deletions: 0,
  uncommitted: 0,
  merge: 'clean',
  conflicts: [],
  gate: null,
  tokens: null,
  took: 0,
  picked,
});

test('advises to pick one, and to merge the one that was picked', () => {
  const none = renderComparison([contender('worker-1', false), contender('worker-2', false)]);
  expect(none).toMatch(/swarm pick worker-1$/);
  const one = renderComparison([contender('worker-1', false), contender('worker-2', true)]);
  expect(one).toMatch(/swarm diff worker-2, then: swarm merge worker-2$/);
});
