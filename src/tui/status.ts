import type { Agent, AgentStatus } from '../agents/types.ts';
import { shortDuration } from '../lib/duration.ts';

/** Glyph and colour of a status; the word always stands beside it. */
export const LOOKS: Readonly<Record<AgentStatus, { readonly glyph: string; readonly colour: string | undefined }>> = {
  starting: { glyph: '◌', colour: 'blue' },
  working: { glyph: '●', colour: 'blue' },
  waiting: { glyph: '◐', colour: 'yellow' },
  blocked: { glyph: '◑', colour: 'yellow' },
  idle: { glyph: '○', colour: 'green' },
  done: { glyph: '✓', colour: 'green' },
  paused: { glyph: '⏸', colour: undefined },
  stuck: { glyph: '!', colour: 'red' },
  failed: { glyph: '✗', colour: 'red' },
  exited: { glyph: '□', colour: undefined },
  unknown: { glyph: '?', colour: 'yellow' },
};

const BUSY: ReadonlySet<AgentStatus> = new Set(['starting', 'working', 'waiting', 'blocked', 'stuck']);

/** Whether it is at something that ending it would cut off. */
export const isBusy = (status: AgentStatus): boolean => BUSY.has(status);

const ENDED: ReadonlySet<AgentStatus> = new Set(['paused', 'exited', 'failed']);

/** Whether it has no process that could be stopped. */
export const hasEnded = (status: AgentStatus): boolean => ENDED.has(status);

/** How long an agent has had its status. In steps of ten seconds below a minute: a view that stands still costs nothing. */
export function ageOf({ since }: Pick<Agent, 'since'>, now: number): string {
  const ms = now - Date.parse(since);
  if (ms < 10_000) return 'now';
  return shortDuration(ms < 60_000 ? Math.floor(ms / 10_000) * 10_000 : ms);
}
