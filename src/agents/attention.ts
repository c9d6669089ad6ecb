import type { Agent, AgentStatus } from './types.ts';

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
