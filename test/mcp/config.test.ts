import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it } from 'vitest';
import { documentOf, sharedWorld, spawnOne } from '../e2e/support.ts';
import { use } from './support.ts';

describe('swarm mcp config', () => {
  const world = sharedWorld();
  const config = async (...words: string[]) =>
    documentOf('mcp-config', await world.swarm(['mcp', 'config', '--json', ...words])).mcp;
  const refusal = async (...words: string[]) => {
    const result = await world.swarm(['mcp', 'config', '--json', ...words]);
    return { exit: result.exitCode, ...documentOf('error', result).error };
  };

  it.each([
    ['claude', /^claude mcp add swarm -- .*mcp --as terminal-2$/u],
    ['codex', /^codex mcp add swarm -- .*mcp --as terminal-2$/u],
    ['gemini', /^gemini mcp add swarm .*mcp --as terminal-2$/u],
  ])('says by which command %s is told of the board', async (cli, command) => {
    expect(await config(cli, '--as', 'terminal-2')).toMatchObject({
      cli,
      agent: null,
      add: expect.stringMatching(command),
    });
    const { stdout } = await world.swarm(['mcp', 'config', cli, '--as', 'terminal-2']);
    expect(stdout.trim()).toMatch(command);
  });

  it('gives the lines of a settings file where no command does it', async () => {
    const { stdout } = await world.swarm(['mcp', 'config', 'opencode', '--as', 'terminal-3']);
    const { mcp } = JSON.parse(stdout) as { mcp: { swarm: { command: string[] } } };
    expect(mcp.swarm.command.slice(-3)).toEqual(['mcp', '--as', 'terminal-3']);
    expect(await config('opencode')).toMatchObject({
      add: null,
      settings: { file: 'opencode.json', content: expect.anything() },
    });
  });

  it('gives a program that connects', async () => {
    const [command = '', ...args] = (await config('claude', '--as', 'terminal-4')).command;
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(new StdioClientTransport({ command, args, env: { ...world.env }, cwd: world.repo }));
    expect(await use(client, 'get_status')).toMatchObject({ you: { name: 'terminal-4' } });
    await client.close();
  });

  it('gives what an agent needs to take part as itself, and no secret', async () => {
    const agent = await spawnOne(world, ['t']);
    const mcp = await config(agent.name);
    expect(mcp).toMatchObject({ cli: 'scripted', agent: agent.name, add: null });
    expect(mcp.command).toEqual([join(world.repo, '.git', 'swarm', 'bin', 'swarm'), 'mcp']);
    expect(mcp.variables).toEqual(expect.arrayContaining(['SWARM_TOKEN', 'SWARM_AGENT', 'SWARM_STATE_HOME']));
    expect(JSON.stringify(mcp.settings)).toContain(`"SWARM_TOKEN":"$\{SWARM_TOKEN}"`);
  });

  it('refuses what can take no part so', async () => {
    expect(await refusal('aider')).toMatchObject({ exit: 2, code: 'NO_MCP' });
    expect(await refusal('nobody')).toMatchObject({ exit: 3, code: 'NO_SUCH_AGENT' });
    const agent = await spawnOne(world, ['u']);
    expect(await refusal('claude', '--as', 'bad name')).toMatchObject({ exit: 2, code: 'BAD_NAME' });
    expect(await refusal('claude', '--as', agent.name)).toMatchObject({ exit: 4, code: 'NAME_TAKEN' });
    expect(await refusal(agent.name, '--as', 'x')).toMatchObject({ exit: 2, code: 'NOT_YOURS' });
  });
});
