import { exit, UserError } from '../../lib/errors.ts';
import type { Agent, Delivery } from '../types.ts';
import { type Caller, call } from './call.ts';
import { type Job, jobs } from './jobs.ts';
import type { Check } from './types.ts';

/** How long the team gets to end its turns, as swarm takes durations. */
const PATIENCE = '60s';

/** A job and who has done it. */
export interface Done {
  readonly job: Job;
  /** The agent's id. */
  readonly id: string;
  readonly name: string;
  readonly deliveries: readonly Delivery[];
}

/** Has the team made, waits for its work, sends what comes later and waits again. */
export async function teamAtWork(caller: Caller): Promise<{ readonly done: readonly Done[]; readonly ended: Check }> {
  const first = await all(jobs.map((job) => spawn(caller, job)));
  const names = first.map(({ name }) => name);
  const ended = await wait(caller, names);
  if (!ended.ok) return { done: first, ended };
  const done = await all(first.map((one) => sendLater(caller, one)));
  return { done, ended: await wait(caller, names) };
}

async function spawn(caller: Caller, job: Job): Promise<Done> {
  const argv = ['spawn', job.ticket, '-p', job.prompt, '--yes'];
  const { agents, deliveries } = await call<{
    readonly agents: readonly Agent[];
    readonly deliveries: readonly Delivery[];
  }>(caller, argv);
  const [agent] = agents;
  if (agent === undefined) throw noAgent(job);
  for (const delivery of deliveries) tellDelivery(caller, delivery);
  return { job, id: agent.id, name: agent.name, deliveries };
}

async function sendLater(caller: Caller, one: Done): Promise<Done> {
  if (one.job.later === null) return one;
  const argv = ['send', one.name, one.job.later];
  const { deliveries } = await call<{ readonly deliveries: readonly Delivery[] }>(caller, argv);
  for (const delivery of deliveries) tellDelivery(caller, delivery);
  return { ...one, deliveries: [...one.deliveries, ...deliveries] };
}

function tellDelivery({ door }: Caller, { agent, state, evidence, ms, reason }: Delivery): void {
  const how = state === 'delivered' ? `typed in and proven by its ${evidence} in ${ms} ms` : `${state}: ${reason}`;
  door.step(`${agent}: prompt ${how}`);
}

/** Whether every turn came to its end. */
async function wait(caller: Caller, names: readonly string[]): Promise<Check> {
  const what = 'every turn came to its end';
  try {
    await call(caller, ['wait', ...names, '--timeout', PATIENCE]);
    return { agent: null, what, ok: true, found: null };
  } catch (error) {
    const expected = error instanceof UserError && ['TIMED_OUT', 'AGENT_DIED'].includes(error.code);
    if (!expected) throw error;
    return { agent: null, what, ok: false, found: error.message };
  }
}

/** What all of them come to; the first failure, once none of them runs any more. */
async function all<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

function noAgent({ ticket }: Job): UserError {
  return new UserError({
    code: 'DEMO_CALL_FAILED',
    exit: exit.failed,
    message: `swarm spawn ${ticket} made no agent, and did not say why.`,
    hint: 'swarm doctor',
  });
}
