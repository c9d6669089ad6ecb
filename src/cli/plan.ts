import { resolve } from 'node:path';
import type { Plan } from '../board/plan.ts';
import { stripControls } from '../lib/text.ts';
import { paint } from './output.ts';
import { readTextFile } from './text-input.ts';
import { ageOf } from './times.ts';

/** The text of a plan; `-` is standard input. @throws UserError exit 2 when it can't be read. */
export function readPlanFile(file: string, cd: string): string {
  const how = { what: 'file with the plan', hint: 'swarm task goal --plan plan.md' };
  return readTextFile(file === '-' ? '-' : resolve(cd, file), how);
}

/** The team's goal, who set it, and the plan. */
export function renderPlan(plan: Plan | null): string {
  if (plan === null) return `No goal is set ${paint('cyan', '→')} swarm task goal "What the team is to achieve."`;
  const { goal, by, at, version, plan: approach } = plan;
  const set = paint('dim', `set by ${by} ${ageOf(at)} ago, version ${version}`);
  const more = approach.trim() === '' ? [] : ['', stripControls(approach).trimEnd()];
  return [stripControls(goal).trimEnd(), set, ...more].join('\n');
}
