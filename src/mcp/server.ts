import { McpServer } from '@modelcontextprotocol/server';
import { programVersion } from '../lib/program.ts';
import type { Door } from './door.ts';
import { instructionsFor } from './instructions.ts';
import { TOOLS } from './tools/index.ts';

/** A server with the tools that the caller may use. */
export async function makeServer(door: Door): Promise<McpServer> {
  const me = await door.caller();
  const instructions = await instructionsFor(door.board, me);
  const server = new McpServer({ name: 'swarm', title: 'swarm', version: programVersion() }, { instructions });
  for (const tool of TOOLS.filter(({ leaders }) => me.leads || !leaders)) tool.add(server, door);
  return server;
}
