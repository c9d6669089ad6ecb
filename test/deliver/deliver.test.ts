import { describe, expect, test } from 'vitest';
import { useWorld } from '../support/world.ts';
import { openAgent } from './support.ts';

describe('delivering a prompt', () => {
  const world = useWorld();

  test('arrives once, by its hook or by the screen', async () => {
    const agent = await openAgent(world, { hooks: true });
    expect(await agent.send('hello')).toMatchObject({
      agent: 'worker-1',
      state: 'delivered',
      evidence: 'hook',
      attempts: 1,
    });
    const silent = await openAgent(world, { name: 'worker-2' });
    expect(await silent.send('hello')).toMatchObject({ state: 'delivered', evidence: 'screen', attempts: 1 });
    expect(agent.prompts()).toEqual(['hello']);
    expect(silent.prompts()).toEqual(['hello']);
  });
});
