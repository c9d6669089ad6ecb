import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { documentOf, sharedWorld } from './support.ts';

/** An agent CLI that asks whether its folder is trusted, with its first prompt among its arguments. */
describe('a first prompt behind a trust dialog', () => {
  const world = sharedWorld();
  const spawn = (ticket: string, trust: string) =>
    world.swarm(
      ['spawn', ticket, '--agent', 'scripted', '-p', 'Fix it', '--timeout', '5s', '--json', '--', '--trust'],
      { env: { SWARM_DIALOGS_TRUST: trust } },
    );

  it('arrives where the config says how to answer it', async () => {
    const { deliveries, agents } = documentOf('spawn', await spawn('yes', 'accept'));
    expect(deliveries).toMatchObject([{ state: 'delivered', attempts: 1 }]);
    expect(agents[0]?.status).not.toBe('waiting');
  });

  it('waits, and says for what, where a person is to answer it', async () => {
    const { deliveries, agents } = documentOf('spawn', await spawn('no', 'ask'));
    expect(deliveries).toMatchObject([{ state: 'queued', reason: expect.stringContaining('waits behind') }]);
    expect(agents).toMatchObject([{ status: 'waiting' }]);
  });

  it('is delivered once the person has answered, and failed when its agent ended before', async () => {
    const [answered] = documentOf('spawn', await spawn('answered', 'ask')).agents;
    const [stopped] = documentOf('spawn', await spawn('stopped', 'ask')).agents;
    const words = async (agent: Agent | undefined) =>
      (await world.swarm(['log', '--agent', agent?.name ?? ''])).stdout
        .split('\n')
        .filter((line) => line.includes('prompt '));
    expect((await world.swarm(['approve', answered?.name ?? '', '1'])).exitCode).toBe(0);
    expect((await world.swarm(['wait', answered?.name ?? '', '--timeout', '20s'])).exitCode).toBe(0);
    expect((await words(answered)).at(-1)).toContain('prompt delivered');
    // Nobody looks at it any more: a repair does.
    expect((await world.swarm(['stop', stopped?.name ?? ''])).exitCode).toBe(0);
    expect((await world.swarm(['repair'])).stdout).toContain('waited behind a question, and is failed now');
    expect((await words(stopped)).at(-1)).toContain('prompt failed');
    expect((await world.swarm(['repair'])).stdout).not.toContain('waited behind a question');
  });
});
