import { McpServer } from '@modelcontextprotocol/server';
import type { Session } from '../agents/session.ts';
import { programVersion } from '../lib/program.ts';
import { addStatusTools } from './tools/status.ts';

/** A server with the tools of the board. */
export function makeServer(session: Session): McpServer {
  const server = new McpServer({ name: 'swarm', version: programVersion() });
  addStatusTools(server, session);
  return server;
}
