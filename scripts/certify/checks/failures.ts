import { failure, text } from '../servers/turn.ts';
import type { Stage } from '../stage.ts';
import { reach, send, statusOf, stays, until, Wrong } from '../watching.ts';
import { AGENT, type Check } from './types.ts';

/** Sends a prompt that the model answers with this failure; its marker. */
async function failing(stage: Stage, status: number): Promise<string> {
  const marker = stage.marker();
  stage.server.plan(marker, failure(status));
  await send(stage, AGENT, `${marker} fail with ${status}`);
  await until('the failure', () => stage.server.turns(marker).find(({ state }) => state === 'failed') ?? null);
  return marker;
}

async function error(stage: Stage): Promise<void> {
  await failing(stage, 400);
  await reach(stage, AGENT, { status: ['idle'], reason: /^screen: error: .*(?:400|certified failure)/u });
  const next = stage.marker();
  await send(stage, AGENT, `${next} and on`);
  await until('the next prompt', () => stage.server.turns(next).find(({ state }) => state === 'answered') ?? null);
  await reach(stage, AGENT, { status: ['idle'] });
}

/** Milliseconds within which a CLI that tries again has done so. */
const TRIES_AGAIN = 12_000;

/** The model fails until it is mended: working for as long as the CLI tries again, and the answer comes. */
async function retry(stage: Stage): Promise<string> {
  const marker = await failing(stage, 503);
  await until('a second try', () => stage.server.turns(marker)[1] ?? null, TRIES_AGAIN);
  await reach(stage, AGENT, { status: ['working'] }, 3000);
  await stays(stage, AGENT, ['working'], 2500);
  stage.server.plan(marker, text('Here it is at last.'));
  await until('the answer', () => stage.server.turns(marker).find(({ state }) => state === 'answered') ?? null, 60_000);
  await reach(stage, AGENT, { status: ['idle'] });
  return 'tries again, shown as working';
}

/** Too many requests: some CLIs try again, some give up. Swarm shows what is. */
async function tooMany(stage: Stage): Promise<string> {
  const marker = await failing(stage, 429);
  try {
    await until('a second try', () => stage.server.turns(marker)[1] ?? null, TRIES_AGAIN);
  } catch {
    const { status, reason } = await statusOf(stage, AGENT);
    const told = status === 'waiting' || (status === 'idle' && /^screen: error/u.test(reason ?? ''));
    if (!told) throw new Wrong(`it gave up, and was shown as ${status} (${reason ?? ''})`);
    return `gives up, shown as ${status}`;
  }
  await reach(stage, AGENT, { status: ['working'] }, 3000);
  stage.server.plan(marker, text('Here it is at last.'));
  await until('the answer', () => stage.server.turns(marker).find(({ state }) => state === 'answered') ?? null, 60_000);
  await reach(stage, AGENT, { status: ['idle'] });
  return 'tries again, shown as working';
}

export const FAILURES: readonly Check[] = [
  { ability: 'API error shown', run: error },
  { ability: 'retry after 503', run: retry },
  { ability: 'retry or error after 429', run: tooMany },
];
