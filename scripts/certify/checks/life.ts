import { poll } from '../../../src/lib/poll.ts';
import { processesWithEnv } from '../../../src/process/identity.ts';
import { text } from '../servers/turn.ts';
import type { Stage } from '../stage.ts';
import { reach, send, until, Wrong } from '../watching.ts';
import { AGENT, type Check } from './types.ts';

async function interrupt(stage: Stage): Promise<void> {
  const [marker, next] = [stage.marker(), stage.marker()];
  stage.server.hold(marker);
  await send(stage, AGENT, `${marker} never ends`);
  await until('the prompt at the model', () => stage.server.turns(marker)[0] ?? null);
  await reach(stage, AGENT, { status: ['working'] });
  await send(stage, AGENT, `${next} instead`, '--interrupt');
  await until('the end of the turn', () => stage.server.turns(marker).find(({ state }) => state === 'broken') ?? null);
  await until('the next prompt', () => stage.server.turns(next).find(({ state }) => state === 'answered') ?? null);
  await reach(stage, AGENT, { status: ['idle'] });
}

/** What is said before the pause must be in what the model is sent after it. */
async function pauseAndResume(stage: Stage): Promise<void> {
  const [before, after] = [stage.marker(), stage.marker()];
  stage.server.plan(before, text('I shall remember it.'));
  await send(stage, AGENT, `${before} remember this`);
  await until('the answer', () => stage.server.turns(before).find(({ state }) => state === 'answered') ?? null);
  await reach(stage, AGENT, { status: ['idle'] });
  await done(stage, ['pause', AGENT]);
  await gone(stage);
  const resumed = await stage.swarm(['resume', AGENT, '--yes', '--json'], { SWARM_DIALOGS_TRUST: 'accept' });
  if (resumed.exitCode !== 0) throw new Wrong(`swarm resume: ${resumed.stdout}${resumed.stderr}`);
  await send(stage, AGENT, `${after} what did I say?`);
  const turn = await until('the prompt', () => stage.server.turns(after)[0]?.turn ?? null);
  const times = turn.said.filter((said) => said.includes(before)).length;
  if (times !== 1) throw new Wrong(`what was said before is ${times} times in what the model is sent`);
}

async function hooks(stage: Stage): Promise<string> {
  const spooled = new Set(stage.spooled(AGENT));
  const missing = stage.profile.hooks.filter((name) => !spooled.has(name));
  if (missing.length > 0) throw new Wrong(`not received: ${missing.join(', ')}; received: ${[...spooled].join(', ')}`);
  return stage.profile.hooks.join(', ');
}

async function done(stage: Stage, args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await stage.swarm(args);
  if (exitCode !== 0) throw new Wrong(`swarm ${args.join(' ')}: ${stdout}${stderr}`);
}

/** Nothing that carries the agent's environment may be left. */
async function gone(stage: Stage): Promise<void> {
  const left = () => processesWithEnv('SWARM_SPOOL', stage.spool(AGENT));
  const none = await poll(async () => ((await left()).length === 0 ? true : null), { timeout: 5000 });
  if (none === null) throw new Wrong(`processes left: ${(await left()).join(', ')}`);
}

async function stop(stage: Stage): Promise<void> {
  const running = await processesWithEnv('SWARM_SPOOL', stage.spool(AGENT));
  if (running.length === 0) throw new Wrong('nothing ran that could be stopped');
  await done(stage, ['stop', AGENT]);
  await gone(stage);
  await reach(stage, AGENT, { status: ['exited'] });
}

async function nothingElsewhere({ watch, barrier }: Stage): Promise<string> {
  if (watch.seen.size > 0) throw new Wrong(`connected to ${[...watch.seen].join(', ')}`);
  const tried = barrier.refused.size === 0 ? 'none tried' : `refused: ${[...barrier.refused].join(', ')}`;
  return watch.able ? tried : `${tried}; only what asks for a proxy was seen`;
}

export const LIFE: readonly Check[] = [
  { ability: 'interrupt, then the next prompt', run: interrupt },
  { ability: 'pause and resume, same conversation', run: pauseAndResume },
  { ability: 'its hooks are received', run: hooks, rested: false },
  { ability: 'its processes are gone after stop', run: stop, rested: false },
  { ability: 'nothing connects elsewhere', run: nothingElsewhere, rested: false },
];
