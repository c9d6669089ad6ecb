import { text } from '../servers/turn.ts';
import type { Stage } from '../stage.ts';
import { reach, send, stays, until } from '../watching.ts';
import { AGENT, type Check } from './types.ts';

async function working(stage: Stage): Promise<void> {
  const marker = stage.marker();
  stage.server.plan(marker, text('A slow answer, word by word, for as long as it takes.', 100));
  stage.server.hold(marker);
  await send(stage, AGENT, `${marker} take your time`);
  await until('the prompt at the model', () => stage.server.turns(marker)[0] ?? null);
  await reach(stage, AGENT, { status: ['working'] }, 3000);
  await stays(stage, AGENT, ['working']);
  stage.server.release(marker);
}

async function idle(stage: Stage): Promise<void> {
  const marker = stage.marker();
  await send(stage, AGENT, `${marker} be quick`);
  await until('the answer', () => stage.server.turns(marker).find(({ state }) => state === 'answered') ?? null);
  await reach(stage, AGENT, { status: ['idle'] }, 5000);
  await stays(stage, AGENT, ['idle']);
}

export const TURNS: readonly Check[] = [
  { ability: 'working while the model answers', run: working },
  { ability: 'idle after the turn', run: idle },
];
