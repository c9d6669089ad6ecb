import { text } from '../servers/turn.ts';
import type { Stage } from '../stage.ts';
import { asks, deliveryIn, until, Wrong } from '../watching.ts';
import { expectOnce } from './prompts.ts';
import { AGENT, type Check } from './types.ts';

/** An agent that starts where nobody answers its dialogs: waiting, and nothing has reached the model. */
async function dialogsSeen(stage: Stage): Promise<void> {
  const marker = stage.marker();
  await spawn(stage, 'asks', `${marker} hello`, 'ask', '10s');
  await asks(stage, 'asks', stage.profile.dialogs);
  if (stage.server.turns(marker).length > 0) throw new Wrong('its prompt reached the model before anybody answered');
  const { exitCode, stderr } = await stage.swarm(['rm', 'asks', '--force', '--delete-branch']);
  if (exitCode !== 0) throw new Wrong(`swarm rm: ${stderr}`);
}

function spawn(stage: Stage, name: string, prompt: string, trust: 'ask' | 'accept', timeout: string) {
  const { profile } = stage;
  const flags = ['--agent', profile.name, '--name', name, '--yes', '--json', '--timeout', timeout];
  return stage.swarm(['spawn', `ticket-${name}`, ...flags, '-p', prompt, '--', ...profile.args], {
    SWARM_DIALOGS_TRUST: trust,
  });
}

interface First {
  readonly marker: string;
  readonly prompt: string;
  readonly result: Awaited<ReturnType<typeof spawn>>;
}
const firsts = new WeakMap<Stage, Promise<First>>();

/** Starts the agent, once. */
function started(stage: Stage): Promise<First> {
  const begin = async () => {
    const marker = stage.marker();
    const prompt = `- ${marker} "first" $(prompt)\nwith a second line;`;
    stage.server.plan(marker, text('The first answer.'));
    return { marker, prompt, result: await spawn(stage, AGENT, prompt, 'accept', '60s') };
  };
  const first = firsts.get(stage) ?? begin();
  firsts.set(stage, first);
  return first;
}

async function dialogsAnswered(stage: Stage): Promise<void> {
  const { marker, result } = await started(stage);
  const delivery = deliveryIn(result);
  if (delivery.state !== 'delivered') throw new Wrong(`first prompt ${delivery.state}: ${delivery.reason ?? ''}`);
  await until('the first prompt at the model', () => stage.server.turns(marker)[0] ?? null);
}

async function firstPrompt(stage: Stage): Promise<string> {
  const { marker, prompt, result } = await started(stage);
  const delivery = deliveryIn(result);
  if (delivery.state !== 'delivered') throw new Wrong(`first prompt ${delivery.state}: ${delivery.reason ?? ''}`);
  await expectOnce(stage, marker, prompt, delivery);
  return `seen by ${delivery.evidence ?? '?'}`;
}

export const START: readonly Check[] = [
  { ability: 'its own dialogs are seen', run: dialogsSeen, rested: false },
  { ability: 'its own dialogs are answered', run: dialogsAnswered, rested: false },
  { ability: 'first prompt, exact and once', run: firstPrompt, rested: false },
];
