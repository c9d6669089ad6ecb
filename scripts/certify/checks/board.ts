import { z } from 'zod';
import { poll } from '../../../src/lib/poll.ts';
import { text } from '../servers/turn.ts';
import type { Stage } from '../stage.ts';
import { send, statusOf, until, Wrong } from '../watching.ts';
import { AGENT, type Check } from './types.ts';

const answer = z.looseObject({ task: z.looseObject({ id: z.string(), claimedBy: z.string().nullable() }) });

/** A tool that writes. Whom the board then has the task from shows who called: the CLI has handed the agent's token on. */
async function board(stage: Stage): Promise<string> {
  const marker = stage.marker();
  const { id } = await task(stage, 'add', `${marker}: reach the board`);
  stage.server.plan(marker, stage.profile.mcp('claim_task', { task_id: id }), text('I have it.'));
  await send(stage, AGENT, `${marker} claim the task`);
  const asked = await permission(stage, marker);
  const { results } = await until('the result of the tool', () => {
    const turn = stage.server.turns(marker).at(-1)?.turn;
    return turn?.results.length === 1 ? turn : null;
  });
  const { claimedBy } = await task(stage, 'show', id);
  if (claimedBy !== AGENT) throw new Wrong(`the task is ${claimedBy ?? 'nobody'}'s; it was told: ${results.join(' ')}`);
  // What it was given must have reached the model, too.
  if (!results.join(' ').includes('reach the board')) throw new Wrong(`it was told: ${results.join(' ')}`);
  return asked;
}

async function task(stage: Stage, ...words: readonly string[]): Promise<z.infer<typeof answer>['task']> {
  const { stdout, stderr } = await stage.swarm(['task', ...words, '--json']);
  const read = answer.safeParse(JSON.parse(stdout || 'null'));
  if (!read.success) throw new Wrong(`swarm task ${words.join(' ')}: ${stdout}${stderr}`);
  return read.data.task;
}

/** A CLI that asks before it calls a tool is answered yes. */
async function permission(stage: Stage, marker: string): Promise<string> {
  const called = () => stage.server.turns(marker).some(({ turn }) => turn?.results.length === 1);
  const seen = await poll(async () => (called() ? 'called' : (await statusOf(stage, AGENT)).question), {
    timeout: 45_000,
    every: 250,
  });
  if (seen === null) throw new Wrong('neither was the tool called nor asked for');
  if (seen === 'called') return 'without a question';
  const { exitCode, stdout, stderr } = await stage.swarm(['approve', AGENT]);
  if (exitCode !== 0) throw new Wrong(`swarm approve: ${stdout}${stderr}`);
  return `after a question: ${seen.subject === null ? seen.text : `${seen.subject.kind} ${seen.subject.what}`}`;
}

export const BOARD: readonly Check[] = [{ ability: 'it reaches the board over MCP', run: board }];
