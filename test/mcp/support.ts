import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { entry, nodeFolder } from '../support/program.ts';
import type { World } from '../support/world.ts';

/** A connection of the official client to `swarm mcp`. */
export interface Connection {
  readonly client: Client;
  /** What the server said on stderr so far. */
  stderr(): string;
}

/** Starts `swarm mcp` in the world's repository and runs `work` with a client that speaks to it. */
export async function withMcp<T>(
  world: World,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> },
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const transport = new StdioClientTransport({
    command: join(nodeFolder, 'node'),
    args: [entry, 'mcp', ...args],
    env: { ...world.env, ...env },
    cwd: world.repo,
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  try {
    await client.connect(transport);
    return await work({ client, stderr: () => stderr });
  } finally {
    await client.close();
  }
}

/** What a client is told that asks a server which refuses it, and how the server ends. */
export async function refusedMcp(
  world: World,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number; readonly stderr: string; readonly error: unknown }> {
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const request = { jsonrpc: '2.0', id: 1, method: 'initialize', params };
  const { exitCode, stdout, stderr } = await world.swarm(['mcp', ...args], {
    env,
    input: `${JSON.stringify(request)}\n`,
  });
  const { error } = JSON.parse(stdout || '{}') as { error?: unknown };
  return { exitCode, stderr, error };
}
