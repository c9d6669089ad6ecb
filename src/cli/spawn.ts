import { agentById } from '../agents/records.ts';
import { withSession } from '../agents/session.ts';
import type { SpawnPreview } from '../agents/spawn/preview.ts';
import type { SpawnDoor, SpawnResult } from '../agents/spawn/request.ts';
import type { Agent } from '../agents/types.ts';
import { exit } from '../lib/errors.ts';
import { plainLine } from '../lib/text.ts';
import { attachHere } from './attach.ts';
import { askConsent } from './consent.ts';
import { exitOfDeliveries, renderDelivery } from './deliveries.ts';
import { renderError, toErrorDocument } from './errors.ts';
import { inForeground } from './foreground.ts';
import { canAsk, narrate, paint } from './output.ts';
import type { Progress } from './progress.ts';
import { statusWord } from './team.ts';

/** How a command asks and narrates, with its progress, where it shows one, out of the way meanwhile. */
export function spawnDoor(json: boolean, shown: Pick<Progress, 'hush'> = { hush: (work) => work() }): SpawnDoor {
  return {
    ask: canAsk(json) ? (items) => shown.hush(() => askConsent(items)) : null,
    tell: (line) => shown.hush(() => narrate(paint('dim', line, process.stderr))),
  };
}

/** The JSON of a spawn; with one failure and no agent, its error is the document's. */
export function toDocument(result: SpawnResult): Readonly<Record<string, unknown>> {
  const errors = result.errors.map(({ ticket, error }) => ({ ticket, ...toErrorDocument(error, 'spawn').document }));
  const { agents, deliveries } = result;
  const [failure, ...others] = result.errors;
  const only = failure !== undefined && others.length === 0 && agents.length === 0;
  return { agents, deliveries, errors, ...(only ? { error: toErrorDocument(failure.error, 'spawn').document } : {}) };
}

/** The worst code of what happened. */
export function exitOfSpawn(result: SpawnResult): number {
  const codes = result.errors.map(({ error }) => toErrorDocument(error, 'spawn').code);
  return Math.max(exitOfDeliveries(result.deliveries), ...codes);
}

/** What was made, for people. */
export function renderSpawn(result: SpawnResult): string {
  for (const { error } of result.errors) process.stderr.write(renderError(toErrorDocument(error, 'spawn').document));
  const lines = result.agents.map(agentLine);
  const [first] = result.agents;
  const next = first === undefined ? [] : [`${paint('cyan', '→')} swarm attach ${first.name}`];
  return [...lines, ...result.deliveries.map(renderDelivery), ...next].join('\n');
}

/** An agent that was just made, in a line. */
export function agentLine(agent: Agent): string {
  const ports = Object.entries(agent.ports).map(([name, port]) => `${name}=${port}`);
  const place = plainLine(`branch ${agent.branch}  in ${agent.worktree}`);
  const facts = [statusWord(agent), place, ...ports];
  return `${paint('bold', agent.name)}  ${facts.join('  ')}`;
}

/** What would be made, for people. */
export function renderPreview({ plans }: SpawnPreview): string {
  return plans
    .map((plan) => {
      const branch = plan.newBranch ? `new branch ${plan.branch} from ${plan.base}` : `branch ${plan.branch}`;
      return plainLine(`${plan.name}  ${plan.cli}  ${branch}  in ${plan.worktree}`);
    })
    .join('\n');
}

/** Goes to the first agent that was made. The answer is out: why it can't is narration, with a code for the exit. */
export async function attachAfterSpawn(cwd: string, result: SpawnResult, json: boolean): Promise<number> {
  const [first] = result.agents;
  if (first === undefined) return exit.done;
  try {
    await attachTo(cwd, first, json);
    return exit.done;
  } catch (error) {
    const { code, document } = toErrorDocument(error instanceof Error ? error : new Error(String(error)), 'spawn');
    process.stderr.write(renderError(document));
    return code;
  }
}

async function attachTo(cwd: string, first: Agent, json: boolean): Promise<void> {
  const how = await withSession(cwd, async (session) => {
    const row = await agentById(session.db, first.id);
    return row === undefined ? null : attachHere(session, row, { readOnly: false, json });
  });
  if (how !== null && !how.switched) await inForeground(how.argv, json);
}
