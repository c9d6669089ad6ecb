import { poll } from '../../../src/lib/poll.ts';
import { text } from '../servers/turn.ts';
import type { Stage } from '../stage.ts';
import { send, statusOf, until, Wrong } from '../watching.ts';
import { AGENT, type Check } from './types.ts';

/** The tool tells who calls: the CLI has handed the agent's token on, and nothing else could say that. */
async function board(stage: Stage): Promise<string> {
  const marker = stage.marker();
  stage.server.plan(marker, stage.profile.mcp('get_status', {}), text('So it is.'));
  await send(stage, AGENT, `${marker} look at the board`);
  const asked = await permissionOrResult(stage, marker);
  const { results } = await until('the result of the tool', () => {
    const turn = stage.server.turns(marker).at(-1)?.turn;
    return turn?.results.length === 1 ? turn : null;
  });
  const said = results.join(' ').replaceAll('\\', '');
  if (!said.includes(`"name":"${AGENT}"`) || !said.includes('"leads":false')) throw new Wrong(`it was told: ${said}`);
  return asked;
}

/** A CLI that asks before it calls a tool is answered yes. */
async function permissionOrResult(stage: Stage, marker: string): Promise<string> {
  const seen = await poll(
    async () => {
      if (stage.server.turns(marker).some(({ turn }) => turn?.results.length === 1)) return 'result';
      return (await statusOf(stage, AGENT)).question === null ? null : 'asked';
    },
    { timeout: 45_000, every: 250 },
  );
  if (seen === null) throw new Wrong('neither was the tool called nor asked for');
  if (seen === 'result') return 'without a question';
  const { exitCode, stdout, stderr } = await stage.swarm(['approve', AGENT]);
  if (exitCode !== 0) throw new Wrong(`swarm approve: ${stdout}${stderr}`);
  return 'after a question';
}

export const BOARD: readonly Check[] = [{ ability: 'it reaches the board over MCP', run: board }];
