import { McpServer } from '@modelcontextprotocol/server';
import { programVersion } from '../lib/program.ts';
import type { Door } from './door.ts';
import { instructionsFor } from './instructions.ts';
import { addResources } from './resources.ts';
import { TOOLS } from './tools/index.ts';
import { Updates } from './updates.ts';

/**
 * A server with the tools that the caller may use. `era`: how the client wants to hear of changes; by what it subscribes
 * to (2025), or by a stream of which the SDK keeps the books (2026).
 */
export async function makeServer(door: Door, era: 'legacy' | 'modern'): Promise<McpServer> {
  const me = await door.caller();
  const instructions = await instructionsFor(door.board, me);
  const server = new McpServer(
    { name: 'swarm', title: 'swarm', version: programVersion() },
    { instructions, capabilities: { resources: { subscribe: true } } },
  );
  for (const tool of TOOLS.filter(({ leaders }) => me.leads || !leaders)) tool.add(server, door);
  addResources(server, door);

  const protocol = server.server;
  door.handed.ping = () => protocol.ping();
  const subscribed = new Set<string>();
  const updates = new Updates(server, door.board, (uri) => era === 'modern' || subscribed.has(uri));
  protocol.onclose = () => updates.end();
  if (era === 'modern') await updates.begin();
  protocol.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    subscribed.add(uri);
    await updates.begin();
    return {};
  });
  protocol.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });
  return server;
}
