import { expect, test } from 'vitest';
import { hasEnded, writesNothing } from '../../src/agents/rest.ts';
import type { AgentStatus } from '../../src/agents/types.ts';

const ALL: Readonly<Record<AgentStatus, null>> = {
  starting: null,
  working: null,
  waiting: null,
  blocked: null,
  idle: null,
  done: null,
  paused: null,
  stuck: null,
  failed: null,
  exited: null,
  unknown: null,
};

test('an agent that is stuck, or of which nothing is known, is not at rest', () => {
  const statuses = Object.keys(ALL) as AgentStatus[];
  expect(statuses.filter(hasEnded)).toEqual(['idle', 'done', 'paused', 'failed', 'exited']);
  expect(statuses.filter(writesNothing)).toEqual(['blocked', 'idle', 'done', 'paused', 'failed', 'exited']);
});
