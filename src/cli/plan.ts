import type { Plan } from '../board/plan.ts';
import { stripControls } from '../lib/text.ts';
import { paint } from './output.ts';
import { ageOf } from './times.ts';

/** The team's goal, who set it, and the plan. */
export function renderPlan(plan: Plan | null): string {
  if (plan === null) return `No goal is set ${paint('cyan', '→')} swarm task goal "What the team is to achieve."`;
  const { goal, by, at, version, plan: approach } = plan;
  const set = paint('dim', `set by ${by} ${ageOf(at)} ago, version ${version}`);
  const more = approach.trim() === '' ? [] : ['', stripControls(approach).trimEnd()];
  return [stripControls(goal).trimEnd(), set, ...more].join('\n');
}
