import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onInterrupt } from '../../process/interrupt.ts';
import type { Agent } from '../types.ts';
import { type Caller, call, refuseInterrupted } from './call.ts';
import { checksOf, checksOfTeam } from './checks.ts';
import { removeScratch } from './clean.ts';
import { gather, stateOfCheckout } from './evidence.ts';
import { lookAround } from './look-around.ts';
import { fillScratch, makeScratch, type Scratch } from './scratch.ts';
import { teamAtWork } from './team.ts';
import type { Check, DemoDoor, DemoResult } from './types.ts';
import { watchAgents } from './watch.ts';

/**
 * The main job on a machine of its own: three agents get a ticket each, work, commit, and are looked at. Removes all of
 * it, also when it fails or is interrupted; with `keep`, leaves what came to its end.
 * @throws UserError when a step could not be done; exit 130 after Ctrl-C.
 */
export async function runDemo(door: DemoDoor, { keep }: { readonly keep: boolean }): Promise<DemoResult> {
  const started = performance.now();
  const controller = new AbortController();
  // A second Ctrl-C changes nothing: cleaning up is short, and what it would leave behind is not.
  const forget = onInterrupt(() => controller.abort());
  const scratch = makeScratch(process.env);
  try {
    const { agents, checks } = await show({ scratch, door, signal: controller.signal });
    const all = keep ? checks : [...checks, await leftovers(scratch)];
    return {
      ok: all.every(({ ok }) => ok),
      ms: Math.round(performance.now() - started),
      agents,
      checks: all,
      kept: keep ? await lookAround(scratch, agents) : null,
    };
  } catch (error) {
    await removeScratch(scratch);
    throw error;
  } finally {
    forget();
  }
}

async function show(caller: Caller): Promise<Pick<DemoResult, 'agents' | 'checks'>> {
  const { scratch, door, signal } = caller;
  await fillScratch(scratch);
  door.step(`a scratch repository with a swarm.yaml, a hook, and an .env that git ignores: ${scratch.repo}`);
  const before = await stateOfCheckout(scratch);
  const watch = watchAgents(join(scratch.repo, '.git', 'swarm', 'agents'), door);
  const { done, ended } = await teamAtWork(caller).finally(() => watch.stop());
  const { agents } = await call<{ readonly agents: readonly Agent[] }>(caller, ['ls']);
  const seen = await Promise.all(
    agents.flatMap((agent) => {
      const own = done.find(({ id }) => id === agent.id);
      return own === undefined ? [] : [gather(scratch, own.job, agent, own.deliveries)];
    }),
  );
  const env = readFileSync(join(scratch.repo, '.env'), 'utf8');
  const after = await stateOfCheckout(scratch);
  refuseInterrupted(signal);
  return {
    agents: seen.map(({ team }) => team),
    checks: [ended, ...seen.flatMap((one) => checksOf(one, env)), ...checksOfTeam(done.length, agents, before, after)],
  };
}

async function leftovers(scratch: Scratch): Promise<Check> {
  const left = await removeScratch(scratch);
  const ok = left.length === 0;
  return { agent: null, what: 'nothing is left behind', ok, found: ok ? null : left.join(', ') };
}
