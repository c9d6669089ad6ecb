import type { AgentStatus } from './types.ts';

/** A sign for each status; everywhere but in the narrowest places its word stands beside it. */
export const GLYPHS: Readonly<Record<AgentStatus, string>> = {
  starting: '◌',
  working: '●',
  waiting: '◐',
  blocked: '◑',
  idle: '○',
  done: '✓',
  paused: '⏸',
  stuck: '!',
  failed: '✗',
  exited: '□',
  unknown: '?',
};
