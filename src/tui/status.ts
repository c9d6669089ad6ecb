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

/** Whether a turn ended that nobody has looked at. */
export function isNews({ status, unseen }: Pick<Agent, 'status' | 'unseen'>): boolean {
  return unseen && (status === 'idle' || status === 'done');
}

/** Places in the order of attention, by status; a turn that ended unseen goes before `done`. */
const PLACES: Readonly<Record<AgentStatus, number>> = {
  waiting: 0,
  failed: 1,
  stuck: 1,
  done: 3,
  unknown: 4,
  working: 5,
  starting: 5,
  blocked: 6,
  idle: 7,
  paused: 8,
  exited: 9,
};
const NEWS = 2;

/** How early an agent comes when the list is sorted by who needs a person; 0 first. */
export function attention(agent: Pick<Agent, 'status' | 'unseen'>): number {
  return isNews(agent) ? NEWS : PLACES[agent.status];
}

/** Whether it waits, failed, or finished without anybody having looked. */
export function needsPerson(agent: Pick<Agent, 'status' | 'unseen'>): boolean {
  return attention(agent) <= NEWS;
}

const BUSY: ReadonlySet<AgentStatus> = new Set(['starting', 'working', 'waiting', 'blocked', 'stuck']);

/** Whether it is at something that ending it would cut off. */
export const isBusy = (status: AgentStatus): boolean => BUSY.has(status);

/** How long an agent has had its status. In steps of ten seconds below a minute: a view that stands still costs nothing. */
export function ageOf({ since }: Pick<Agent, 'since'>, now: number): string {
  const ms = now - Date.parse(since);
  if (ms < 10_000) return 'now';
  return shortDuration(ms < 60_000 ? Math.floor(ms / 10_000) * 10_000 : ms);
}
