import { describe, expect, it } from 'vitest';
import { sharedWorld } from '../e2e/support.ts';
import { withMcp } from './support.ts';

describe('swarm mcp', () => {
  const world = sharedWorld();

  it('says who it is and answers get_status', async () => {
    await withMcp(world, {}, async ({ client, stderr }) => {
      expect(client.getServerVersion()).toMatchObject({ name: 'swarm' });
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain('get_status');
      const result = await client.callTool({ name: 'get_status', arguments: {} });
      expect(result.structuredContent).toMatchObject({ agents: [] });
      expect(stderr()).toBe('');
    });
  });

  it('ends when its input does, having said nothing but what it was asked', async () => {
    expect(await world.swarm(['mcp'])).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });
});
