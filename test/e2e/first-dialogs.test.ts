import { describe, expect, it } from 'vitest';
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
});
