import type { Agent, Delivery } from '../agents/types.ts';
import type { TakenBack } from '../agents/unsend.ts';
import { exit } from '../lib/errors.ts';
import { oneLine } from '../lib/text.ts';
import { paint } from './output.ts';

/** 0 when every prompt arrived, or waits for a supervisor that will deliver it (sending it again would double it); else 6. */
export function exitOfSent(deliveries: readonly Delivery[]): number {
  return deliveries.every(({ state }) => state === 'delivered' || state === 'queued') ? exit.done : exit.undelivered;
}

/** 0 when every prompt arrived, else 6. */
export function exitOfDeliveries(deliveries: readonly Delivery[]): number {
  return deliveries.every(({ state }) => state === 'delivered') ? exit.done : exit.undelivered;
}

/** One line a delivery: what happened, and how it is known. */
export function renderDelivery(delivery: Delivery): string {
  const { agent, state, evidence, ms, reason, changes } = delivery;
  const changed = changes.length === 0 ? '' : ` (${changes.join('; ')})`;
  if (state === 'delivered')
    return `${paint('green', '✓')} ${agent}: prompt delivered in ${ms} ms, seen by ${evidence}${changed}`;
  const mark = state === 'failed' ? paint('red', '✗') : paint('yellow', state === 'queued' ? '…' : '?');
  return `${mark} ${agent}: prompt ${state}: ${oneLine(reason ?? 'no reason known')}${changed}`;
}

/** How many prompts were taken back. */
export function renderTakenBack({ agent, prompts }: TakenBack): string {
  return `${paint('green', '✓')} ${agent}: ${prompts} ${prompts === 1 ? 'prompt' : 'prompts'} taken back`;
}

/** What a resume or restart came to. */
export function renderRevived(result: {
  readonly agent: Agent;
  readonly resumed: boolean;
  readonly delivery: Delivery | null;
  readonly hasPrompt: boolean;
}): string {
  const { agent, resumed, delivery, hasPrompt } = result;
  const how = resumed ? 'with its conversation' : 'without its conversation: its CLI could not bring one back';
  const first = `${paint('green', '✓')} ${agent.name} is back ${how}`;
  if (delivery !== null) return `${first}\n${renderDelivery(delivery)}`;
  return resumed || !hasPrompt
    ? first
    : `${first}\n${paint('cyan', '→')} swarm restart ${agent.name} --again sends its first prompt`;
}
