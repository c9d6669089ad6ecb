import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from '../servers/turn.ts';
import type { Stage } from '../stage.ts';
import { asks, reach, send, statusOf, stays, until, Wrong } from '../watching.ts';
import { AGENT, type Check } from './types.ts';

/** The tool leaves a file in the agent's worktree. */
async function permission(stage: Stage): Promise<void> {
  const marker = stage.marker();
  stage.server.plan(marker, stage.profile.run(`echo ${marker} > ran.txt`), text('It ran.'));
  await send(stage, AGENT, `${marker} run it`);
  const { subject } = await asks(stage, AGENT, ['approve']);
  const what = subject === null ? 'nothing' : `${subject.kind} ${subject.what}`;
  if (what !== `command echo ${marker} > ran.txt`) throw new Wrong(`what would be allowed is shown as ${what}`);
  await stays(stage, AGENT, ['waiting']);
  if (stage.server.turns(marker).length !== 1) throw new Wrong('the tool ran before anybody answered');
}

async function approved(stage: Stage): Promise<void> {
  const { exitCode, stdout, stderr } = await stage.swarm(['approve', AGENT]);
  if (exitCode !== 0) throw new Wrong(`swarm approve: ${stdout}${stderr}`);
  const turn = await until(
    "the tool's result",
    () => stage.server.requests.find((one) => one.turn?.results.length === 1)?.turn ?? null,
  );
  const { worktree } = await statusOf(stage, AGENT);
  const file = join(worktree ?? '', 'ran.txt');
  if (!existsSync(file)) throw new Wrong(`the tool did not run: ${turn.results.join(' ')}`);
  await reach(stage, AGENT, { status: ['idle'] });
}

async function question(stage: Stage): Promise<void> {
  const { ask } = stage.profile;
  if (ask === null) throw new Wrong('the CLI has no tool for it');
  const marker = stage.marker();
  stage.server.plan(marker, ask, text('So be it.'));
  await send(stage, AGENT, `${marker} ask me`);
  const { text: asked, options } = await asks(stage, AGENT, ['question']);
  const said = `${asked} ${options.map(({ label }) => label).join(', ')}`;
  for (const word of ['Which colour shall it be?', 'Red', 'Blue']) {
    if (!said.includes(word)) throw new Wrong(`'${word}' is missing in ${said}`);
  }
  await stays(stage, AGENT, ['waiting']);
}

async function answered(stage: Stage): Promise<void> {
  const { exitCode, stdout, stderr } = await stage.swarm(['approve', AGENT, 'Blue']);
  if (exitCode !== 0) throw new Wrong(`swarm approve: ${stdout}${stderr}`);
  await until(
    'the answer',
    () => stage.server.requests.find((one) => /Blue/u.test(one.turn?.results.at(-1) ?? '')) ?? null,
  );
  await reach(stage, AGENT, { status: ['idle'] });
}

export const QUESTIONS: readonly Check[] = [
  { ability: 'permission: waiting, with its options', run: permission },
  { ability: 'permission: approved, the tool ran', run: approved, rested: false },
  { ability: 'question: waiting, with its options', run: question },
  { ability: 'question: answered', run: answered, rested: false },
];
