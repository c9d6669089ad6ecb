import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { call, sharedWorld } from '../e2e/support.ts';
import { entry, nodeFolder, start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { refusal, refusedMcp, withMcp } from './support.ts';

describe('who swarm mcp takes the caller for', () => {
  const world = sharedWorld();

  const you = (options: Parameters<typeof withMcp>[1]) =>
    withMcp(world, options, async ({ client }) => {
      const { structuredContent } = await client.callTool({ name: 'get_status', arguments: {} });
      const { tools } = await client.listTools();
      const { you } = structuredContent as { you: object };
      return { ...you, leaderTools: tools.some(({ name }) => name === 'init_coordination') };
    });

  /** The token of an agent's process, as only that process has it. */
  async function tokenOf({ name, worktree }: Agent): Promise<string> {
    await call(world, 'send', ['send', name, 'printenv SWARM_TOKEN > token.txt', '--now']);
    return waitFor(() => readFileSync(join(worktree ?? '', 'token.txt'), 'utf8').trim() || null, 'the token');
  }

  async function shell(ticket: string): Promise<Agent> {
    const { agents } = await call(world, 'spawn', ['spawn', ticket, '--agent', 'shell']);
    return agents[0] as Agent;
  }

  it('is the person, with the tools of a leader, where nothing says otherwise', async () => {
    expect(await you({})).toMatchObject({ name: 'person', role: 'leader', leads: true, leaderTools: true });
  });

  it('is a guest under the name that it gives', async () => {
    const guest = { name: 'terminal-2', role: 'worker', leads: false, leaderTools: false };
    expect(await you({ args: ['--as', 'terminal-2'] })).toMatchObject(guest);
  });

  it("is an agent by its process's token alone, whatever else its environment says", async () => {
    const [one, two] = [await shell('a'), await shell('b')];
    const token = await tokenOf(one);
    const worker = { name: one.name, role: 'worker', leads: false, leaderTools: false };
    expect(await you({ env: { SWARM_TOKEN: token } })).toMatchObject(worker);
    // The name of another in the environment changes nothing.
    expect(await you({ env: { SWARM_TOKEN: token, SWARM_AGENT: two.name } })).toMatchObject(worker);

    const as = await refusedMcp(world, ['--as', 'terminal-3'], { SWARM_TOKEN: token });
    expect(as).toMatchObject({ exitCode: 4, error: { code: -32000, data: { code: 'NOT_YOURS' } } });

    // Started again, it is known by another token; the old one is nobody's.
    expect((await world.swarm(['restart', one.name, '--yes'])).exitCode).toBe(0);
    const old = await refusedMcp(world, [], { SWARM_TOKEN: token, SWARM_AGENT: one.name });
    expect(old).toMatchObject({ exitCode: 4, error: { data: { code: 'BAD_TOKEN', hint: 'swarm restart worker-1' } } });
    expect(old.stderr).toContain('SWARM_TOKEN');
  });

  it('is told at the next call when its token has become worthless', async () => {
    const agent = await shell('c');
    const token = await tokenOf(agent);
    await withMcp(world, { env: { SWARM_TOKEN: token } }, async ({ client }) => {
      expect(await client.callTool({ name: 'get_status', arguments: {} })).not.toHaveProperty('isError', true);
      expect((await world.swarm(['rm', agent.name, '--force'])).exitCode).toBe(0);
      expect((await refusal(client, 'get_status')).code).toBe('BAD_TOKEN');
    });
  });

  it.each([
    ['no token', { SWARM_AGENT: 'worker-1' }, []],
    ['a token that was never given', { SWARM_AGENT: 'worker-1', SWARM_TOKEN: 'x'.repeat(32) }, []],
    ['only such a token', { SWARM_TOKEN: 'guess' }, []],
  ])('refuses an agent with %s, on stderr and to whoever asks', async (_, env, args) => {
    const refused = await refusedMcp(world, args, env);
    expect(refused).toMatchObject({ exitCode: 4, error: { code: -32000, data: { code: 'BAD_TOKEN' } } });
    expect(refused.stderr).toContain('✗');
  });

  it('refuses what an agent starts without its environment: it would be the person', async () => {
    // Its parent has an agent's environment.
    const argv = ['/bin/sh', '-c', `env -u SWARM_AGENT "$@"; exit $?`, 'sh', join(nodeFolder, 'node'), entry, 'mcp'];
    const env = { ...world.env, SWARM_AGENT: 'worker-1' };
    const { exitCode, stderr } = await start(argv, { cwd: world.repo, env }).result;
    expect({ exitCode, said: stderr.includes('it is not the person') }).toEqual({ exitCode: 4, said: true });
  });

  it('refuses names that are taken or no names', async () => {
    const agent = await shell('d');
    expect(await refusedMcp(world, ['--as', agent.name])).toMatchObject({ exitCode: 4 });
    for (const name of ['person', 'leader', 'all', '../x', '']) {
      expect(await refusedMcp(world, ['--as', name])).toMatchObject({ exitCode: 2, error: { code: -32000 } });
    }
  });
});
